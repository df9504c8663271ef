import type { editor } from 'monaco-editor/editor/editor.api.js';

/** The studio's tokens as a Monaco theme; read again whenever the theme changes. */
export function themeFromTokens(): { isDark: boolean; data: editor.IStandaloneThemeData } {
  const style = getComputedStyle(document.documentElement);
  const hex = (token: string) => toHex(style.getPropertyValue(token).trim());
  const bare = (token: string) => hex(token).replace('#', '');
  const isDark = style.colorScheme.includes('dark');
  return {
    isDark,
    data: {
      base: isDark ? 'vs-dark' : 'vs',
      inherit: true,
      rules: [
        { token: '', foreground: bare('--text') },
        { token: 'type', foreground: bare('--text') },
        { token: 'type.yaml', foreground: bare('--text') },
        { token: 'string.yaml', foreground: bare('--accent-text') },
        { token: 'number.yaml', foreground: bare('--info') },
        { token: 'keyword.yaml', foreground: bare('--info') },
        { token: 'string', foreground: bare('--accent-text') },
        { token: 'number', foreground: bare('--info') },
        { token: 'keyword', foreground: bare('--info') },
        { token: 'comment', foreground: bare('--text-3') },
        { token: 'operators', foreground: bare('--text-2') },
      ],
      colors: {
        'editor.background': hex('--surface'),
        'editor.foreground': hex('--text'),
        'editorLineNumber.foreground': hex('--text-3'),
        'editorLineNumber.activeForeground': hex('--text'),
        'editor.lineHighlightBackground': hex('--hover'),
        'editor.lineHighlightBorder': '#00000000',
        'editor.selectionBackground': hex('--accent-mid'),
        'editor.inactiveSelectionBackground': hex('--accent-soft'),
        'editorCursor.foreground': hex('--text'),
        'editorIndentGuide.background1': hex('--line-2'),
        'editorIndentGuide.activeBackground1': hex('--line-strong'),
        'editorWidget.background': hex('--raised'),
        'editorWidget.border': hex('--line-strong'),
        'editorSuggestWidget.background': hex('--raised'),
        'editorSuggestWidget.border': hex('--line-strong'),
        'editorSuggestWidget.foreground': hex('--text'),
        'editorSuggestWidget.selectedBackground': hex('--accent-mid'),
        'editorSuggestWidget.selectedForeground': hex('--text'),
        'editorSuggestWidget.highlightForeground': hex('--accent-text'),
        'editorSuggestWidget.focusHighlightForeground': hex('--accent-text'),
        'editorHoverWidget.background': hex('--raised'),
        'editorHoverWidget.border': hex('--line-strong'),
        'editorError.foreground': hex('--danger'),
        'editorWarning.foreground': hex('--warn'),
        'editorGutter.background': hex('--surface'),
        'scrollbar.shadow': '#00000000',
        focusBorder: '#00000000',
        'list.hoverBackground': hex('--hover'),
      },
    },
  };
}

/** #rrggbb or #rrggbbaa of any CSS colour: Monaco knows no other form, and a minifier writes the shortest one. */
function toHex(colour: string): string {
  const probe = document.createElement('span');
  probe.style.color = colour;
  document.body.append(probe);
  const [r = 0, g = 0, b = 0, alpha = 1] = (getComputedStyle(probe).color.match(/[\d.]+/g) ?? []).map(Number);
  probe.remove();
  const byte = (value: number) => Math.round(value).toString(16).padStart(2, '0');
  return `#${byte(r)}${byte(g)}${byte(b)}${alpha < 1 ? byte(255 * alpha) : ''}`;
}
