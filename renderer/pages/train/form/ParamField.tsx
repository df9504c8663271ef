import type { ParamSpec } from '../../../../main/contract/config.ts';
import { paramRange } from '../editor/completions.ts';
import { ChoiceField, DraftField, NumberField, SwitchField, TextField } from './fields.tsx';
import { useForm } from './formContext.ts';
import { LayersField } from './LayersField.tsx';
import { formatNullable, parseList, parseNullable, plainText } from './values.ts';

/** The field of one estimator parameter, from its specification alone. */
export function ParamField({ spec, prefix }: { spec: ParamSpec; prefix: string }) {
  const form = useForm();
  // The name the file uses already, where a parameter has several.
  const names = [spec.name, ...(spec.aliases ?? [])];
  const used = names.find((name) => form.value(`${prefix}.${name}`) !== undefined) ?? spec.name;
  const path = `${prefix}.${used}`;
  const range =
    spec.kind === 'choice' || spec.kind === 'boolean'
      ? ''
      : ` (${paramRange(spec)}${spec.isNullable ? ', or none' : ''})`;
  const help = `${spec.help}${range}`;
  const common = { path, label: spec.label, help, unit: spec.unit };
  switch (spec.kind) {
    case 'number':
    case 'integer':
      return spec.choices && spec.choices.length > 0 ? (
        // A number or one of a few words ("auto", "sqrt"): free text that offers the words.
        <DraftField
          {...common}
          placeholder={`${plainText(spec.default)} · or ${spec.choices.join(', ')}`}
          parse={parseNullable}
          format={formatNullable}
        />
      ) : (
        <NumberField {...common} fallback={spec.default} isNullable={spec.isNullable ?? false} />
      );
    case 'boolean':
      return <SwitchField {...common} fallback={spec.default === true} />;
    case 'choice':
      return (
        <ChoiceField
          {...common}
          fallback={spec.default}
          choices={spec.choices ?? []}
          isNullable={spec.isNullable ?? false}
        />
      );
    case 'text':
      return <TextField {...common} fallback={spec.default} />;
    case 'layers':
      return <LayersField {...common} fallback={spec.default} />;
    case 'json':
      return (
        <DraftField
          {...common}
          isMono
          placeholder={spec.default == null ? 'none' : JSON.stringify(spec.default)}
          parse={parseJson}
          format={plainText}
        />
      );
  }
}

/** JSON where it reads as JSON, a list where it has commas, else the text for the check to name. */
function parseJson(text: string): unknown {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  try {
    return JSON.parse(trimmed) as unknown;
  } catch {
    return trimmed.includes(',') ? parseList(trimmed) : parseNullable(trimmed);
  }
}
