import { Button, Group, Modal, TagsInput, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { RunSummary } from '../../../main/contract/run.ts';

export interface EditRunDialogProps {
  readonly run: RunSummary;
  readonly what: 'name' | 'tags' | 'note';
  readonly allTags: readonly string[];
  readonly onSave: (value: { name: string; tags: string[]; note: string }) => Promise<void>;
  readonly onClose: () => void;
}

const TITLES = { name: 'Rename', tags: 'Tags', note: 'Note' } as const;

/** Name, tags and note of a run; opens on the one that was asked for. */
export function EditRunDialog({ run, what, allTags, onSave, onClose }: EditRunDialogProps) {
  const [name, setName] = useState(run.name);
  const [tags, setTags] = useState<string[]>([...run.tags]);
  const [note, setNote] = useState(run.note);
  const [isBusy, setIsBusy] = useState(false);
  const save = async () => {
    setIsBusy(true);
    try {
      await onSave({ name: name.trim(), tags, note });
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <Modal opened onClose={onClose} title={`${TITLES[what]}: ${run.name}`} size="sm">
      <form
        onSubmit={(e) => {
          e.preventDefault();
          void save();
        }}
      >
        <TextInput
          label="Name"
          size="xs"
          mb="xs"
          value={name}
          data-autofocus={what === 'name' || undefined}
          required
          onChange={(e) => setName(e.currentTarget.value)}
        />
        <TagsInput
          label="Tags"
          size="xs"
          mb="xs"
          data={[...allTags]}
          value={tags}
          maxLength={40}
          data-autofocus={what === 'tags' || undefined}
          onChange={setTags}
        />
        <Textarea
          label="Note"
          size="xs"
          mb="md"
          autosize
          minRows={3}
          maxRows={10}
          value={note}
          data-autofocus={what === 'note' || undefined}
          onChange={(e) => setNote(e.currentTarget.value)}
        />
        <Group justify="flex-end" gap="xs">
          <Button size="xs" variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button size="xs" type="submit" loading={isBusy} disabled={name.trim() === ''}>
            Save
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
