import { ActionIcon, Menu, NumberInput, Select } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconPlus, IconTrash } from '@tabler/icons-react';
import { useId } from 'react';
import { formatCount } from '../../../charts/format.ts';
import { Field } from './Field.tsx';
import { useForm } from './formContext.ts';
import { LAYER_KINDS, layerShapes, toLayers, type Layer } from './layers.ts';

export interface LayersFieldProps {
  readonly path: string;
  readonly label: string;
  readonly help?: string | undefined;
  readonly unit?: string | undefined;
  readonly fallback: unknown;
}

/** The network as a list of layers, top to bottom from the features to the answer, with widths and parameter counts. */
export function LayersField({ path, label, help, fallback }: LayersFieldProps) {
  const form = useForm();
  const id = useId();
  const layers = toLayers(form.value(path) ?? fallback);
  const shapes = layerShapes(layers, null);
  const write = (next: readonly Layer[]) => form.set({ [path]: next });
  const replace = (at: number, layer: Layer) => write(layers.map((l, k) => (k === at ? layer : l)));
  const move = (at: number, by: number) => {
    const next = [...layers];
    const [taken] = next.splice(at, 1);
    next.splice(at + by, 0, taken!);
    write(next);
  };
  const add = (type: string) => {
    const kind = LAYER_KINDS.find((k) => k.type === type)!;
    write([...layers, { type, ...Object.fromEntries(kind.fields.map((f) => [f.name, f.fallback])) }]);
  };
  const nKnown = shapes.reduce((n, s, k) => n + (k === 0 ? 0 : (s.nParameters ?? 0)), 0);
  return (
    <Field path={path} label={label} help={help} id={id}>
      <ol className="layers" id={id}>
        <li className="layers-end">features</li>
        {layers.map((layer, k) => (
          // oxlint-disable-next-line react/no-array-index-key -- layers are known by their place
          <li key={k}>
            <LayerRow layer={layer} isReadOnly={form.isReadOnly} onChange={(l) => replace(k, l)} index={k} />
            <span className="layers-shape" title="outputs · trainable parameters">
              {shapes[k]!.nOutputs !== null && `→ ${shapes[k]!.nOutputs}`}
              <small>
                {shapes[k]!.nParameters === null ? (k === 0 ? 'by features' : '') : formatCount(shapes[k]!.nParameters)}
              </small>
            </span>
            <span className="layers-tools">
              <ActionIcon
                size="sm"
                variant="subtle"
                color="gray"
                aria-label={`Move layer ${k + 1} up`}
                disabled={k === 0 || form.isReadOnly}
                onClick={() => move(k, -1)}
              >
                <IconArrowUp size={14} stroke={1.4} />
              </ActionIcon>
              <ActionIcon
                size="sm"
                variant="subtle"
                color="gray"
                aria-label={`Move layer ${k + 1} down`}
                disabled={k === layers.length - 1 || form.isReadOnly}
                onClick={() => move(k, 1)}
              >
                <IconArrowDown size={14} stroke={1.4} />
              </ActionIcon>
              <ActionIcon
                size="sm"
                variant="subtle"
                color="gray"
                aria-label={`Remove layer ${k + 1}`}
                disabled={form.isReadOnly}
                onClick={() => write(layers.filter((_, j) => j !== k))}
              >
                <IconTrash size={14} stroke={1.4} />
              </ActionIcon>
            </span>
          </li>
        ))}
        <li className="layers-end">
          answer
          <Menu position="bottom-end">
            <Menu.Target>
              <button type="button" className="pith-link" disabled={form.isReadOnly}>
                <IconPlus size={12} stroke={1.6} /> Add a layer
              </button>
            </Menu.Target>
            <Menu.Dropdown>
              {LAYER_KINDS.map((kind) => (
                <Menu.Item key={kind.type} onClick={() => add(kind.type)}>
                  {kind.title}
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
        </li>
      </ol>
      <p className="layers-total">
        {formatCount(nKnown)} parameters between layers; the first and last also depend on features and classes
      </p>
    </Field>
  );
}

function LayerRow({
  layer,
  index,
  isReadOnly,
  onChange,
}: {
  layer: Layer;
  index: number;
  isReadOnly: boolean;
  onChange: (layer: Layer) => void;
}) {
  const type = typeof layer === 'number' ? 'dense' : layer.type;
  const kind = LAYER_KINDS.find((k) => k.type === type);
  const values: Record<string, unknown> = typeof layer === 'number' ? { units: layer } : layer;
  if (!kind) return <span className="layers-kind">{type}</span>;
  // A bare number stays bare until something else than its width is said.
  const write = (name: string, value: unknown) =>
    onChange(typeof layer === 'number' && name === 'units' ? Number(value) : { type, ...values, [name]: value });
  return (
    <>
      <span className="layers-kind">{kind.title}</span>
      {kind.fields.map((f) =>
        f.choices ? (
          <Select
            key={f.name}
            size="xs"
            w={96}
            aria-label={`Layer ${index + 1} ${f.label}`}
            data={[...f.choices]}
            value={typeof values[f.name] === 'string' ? (values[f.name] as string) : null}
            placeholder="default"
            allowDeselect={false}
            readOnly={isReadOnly}
            onChange={(v) => v !== null && write(f.name, v)}
          />
        ) : (
          <NumberInput
            key={f.name}
            size="xs"
            w={64}
            hideControls
            aria-label={`Layer ${index + 1} ${f.label}`}
            value={typeof values[f.name] === 'number' ? (values[f.name] as number) : ''}
            placeholder={String(f.fallback)}
            readOnly={isReadOnly}
            onChange={(v) => typeof v === 'number' && write(f.name, v)}
          />
        ),
      )}
    </>
  );
}
