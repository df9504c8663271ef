import { createTheme, type MantineColorsTuple, type CSSVariablesResolver } from '@mantine/core';

const pith: MantineColorsTuple = [
  '#f5f9e6',
  '#e8f1c9',
  '#d5e59f',
  '#c0d96f',
  '#aac83f',
  '#86a51a',
  '#5b7a08',
  '#486203',
  '#374a08',
  '#28360b',
];

/** The neutral ramp of tokens.css: the kit's own greys are of another hue. */
const gray: MantineColorsTuple = [
  '#fafbfb',
  '#f4f5f6',
  '#ebedef',
  '#dee0e4',
  '#c8ccd1',
  '#a6abb2',
  '#888d95',
  '#636870',
  '#4a4e56',
  '#32353b',
];
const dark: MantineColorsTuple = [
  '#e6e8ea',
  '#b4b9c0',
  '#8f959d',
  '#6f747c',
  '#3d4148',
  '#2d3036',
  '#1e2025',
  '#191b1f',
  '#16181b',
  '#141519',
];
/** Raspberry instead of red: it separates from the accent for people who see red and green alike. */
const red: MantineColorsTuple = [
  '#fbe6ec',
  '#f7c9d6',
  '#f5a9bf',
  '#f58aa8',
  '#e8608a',
  '#d03a6d',
  '#b3184f',
  '#94103f',
  '#750c32',
  '#43121f',
];

/** The kit, at our sizes: 13 px text, a 4 px grid, small radii, no shadows but on what floats. */
export const theme = createTheme({
  fontFamily: 'var(--font)',
  fontFamilyMonospace: 'var(--mono)',
  primaryColor: 'pith',
  primaryShade: { light: 6, dark: 4 },
  autoContrast: true,
  luminanceThreshold: 0.45,
  colors: { pith, gray, dark, red },
  fontSizes: { xs: '12px', sm: '13px', md: '13px', lg: '15px', xl: '18px' },
  spacing: { xs: '4px', sm: '8px', md: '12px', lg: '16px', xl: '24px' },
  radius: { xs: '3px', sm: '5px', md: '5px', lg: '8px', xl: '8px' },
  defaultRadius: 'sm',
  headings: { fontWeight: '600' },
  components: {
    Button: { defaultProps: { size: 'xs' } },
    TextInput: { defaultProps: { size: 'xs' } },
    NumberInput: { defaultProps: { size: 'xs' } },
    Select: { defaultProps: { size: 'xs', maxDropdownHeight: 280 } },
    MultiSelect: { defaultProps: { size: 'xs', maxDropdownHeight: 280 } },
    TagsInput: { defaultProps: { size: 'xs' } },
    Textarea: { defaultProps: { size: 'xs' } },
    Checkbox: { defaultProps: { size: 'xs' } },
    Switch: { defaultProps: { size: 'xs' } },
    Tooltip: { defaultProps: { openDelay: 400, transitionProps: { duration: 0 }, fz: 12 } },
    Menu: { defaultProps: { shadow: 'md', transitionProps: { duration: 0 } } },
    Modal: { defaultProps: { transitionProps: { duration: 0 }, overlayProps: { backgroundOpacity: 0.3 } } },
  },
});

/** The kit's own variables, told by the roles of tokens.css, so that both themes have one source. */
export const cssVariables: CSSVariablesResolver = () => {
  const roles = {
    '--mantine-color-body': 'var(--surface)',
    '--mantine-color-text': 'var(--text)',
    '--mantine-color-dimmed': 'var(--text-3)',
    '--mantine-color-default': 'var(--surface)',
    '--mantine-color-default-hover': 'var(--hover)',
    '--mantine-color-default-border': 'var(--line-strong)',
    '--mantine-color-default-color': 'var(--text)',
    '--mantine-color-placeholder': 'var(--text-3)',
    '--mantine-color-error': 'var(--danger)',
    '--mantine-primary-color-filled': 'var(--accent-fill)',
    '--mantine-primary-color-contrast': 'var(--on-accent)',
  };
  return { variables: {}, light: roles, dark: roles };
};
