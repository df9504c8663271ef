import { SegmentedControl } from '@mantine/core';

export interface SegmentedProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly (
    string | { readonly value: string; readonly label: string; readonly disabled?: boolean }
  )[];
  readonly onChange: (value: string) => void;
}

/** A choice of few; the chosen one has a fill and an accent underline, so that colour is not the only sign. */
export function Segmented({ label, value, options, onChange }: SegmentedProps) {
  return (
    <SegmentedControl
      size="xs"
      aria-label={label}
      className="segmented"
      transitionDuration={0}
      value={value}
      data={options.map((option) => (typeof option === 'string' ? option : { ...option }))}
      onChange={onChange}
    />
  );
}
