import { Button, Group, Modal, TextInput } from '@mantine/core';
import { useState } from 'react';
import { call } from '../../client/engine.ts';
import { ErrorState } from '../../components/ErrorState.tsx';
import { show } from './openProject.ts';

/** Names a new, empty project; it is made in the person's Pith folder. */
export function NewProjectDialog({ onClose }: { readonly onClose: () => void }) {
  const [name, setName] = useState('');
  const [error, setError] = useState<unknown>(null);
  const create = async () => {
    try {
      show(await call('project.create', { name: name.trim() }));
      onClose();
    } catch (cause) {
      setError(cause);
    }
  };
  return (
    <Modal opened onClose={onClose} title="New project" size="sm">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void create();
        }}
      >
        <TextInput
          label="Name"
          data-autofocus
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          description="A folder of that name is made in your Pith folder. Everything of the project stays in it."
        />
        {error !== null && <ErrorState error={error} />}
        <Group justify="flex-end" mt="lg" gap="sm">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" disabled={name.trim() === ''}>
            Create
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
