import { Select } from '@mantine/core';
import { needsTarget, serviceChoices, servesWhat } from './services.ts';

export interface ServiceFieldsProps {
  readonly service: string;
  readonly onService: (service: string) => void;
  readonly columns: string[];
  readonly target: string | null;
  readonly onTarget: (target: string | null) => void;
}

/** What a coreset is to serve and, where that learns from one, the column to predict. */
export function ServiceFields({ service, onService, columns, target, onTarget }: ServiceFieldsProps) {
  return (
    <>
      <Select
        label="Serves"
        inputWrapperOrder={['label', 'input', 'description']}
        description={servesWhat(service)}
        size="xs"
        allowDeselect={false}
        data={serviceChoices}
        value={service}
        onChange={(v) => v !== null && onService(v)}
      />
      {needsTarget(service) && (
        <Select
          label="Target"
          size="xs"
          searchable
          data={columns}
          value={target}
          placeholder="Choose the column to predict"
          data-autofocus
          openOnFocus={false}
          onChange={onTarget}
        />
      )}
    </>
  );
}
