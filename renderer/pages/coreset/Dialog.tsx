import { Button, Group, Modal } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { ErrorState } from '../../components/ErrorState.tsx';
import { useReturnFocus } from '../../hooks/useReturnFocus.ts';

/** A form over the page: what went wrong stays in it, and it closes when the work is done. */
export function Dialog({
  title,
  verb,
  isReady,
  onSubmit,
  onClose,
  children,
}: {
  title: string;
  verb: string;
  isReady: boolean;
  onSubmit: () => Promise<void>;
  onClose: () => void;
  children: ReactNode;
}) {
  useReturnFocus();
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const submit = async () => {
    setIsBusy(true);
    setError(null);
    try {
      await onSubmit();
      onClose();
    } catch (cause) {
      setError(cause);
      setIsBusy(false);
    }
  };
  return (
    <Modal opened onClose={onClose} title={title} size="md">
      <form
        onSubmit={(e) => {
          e.preventDefault();
          if (isReady) void submit();
        }}
      >
        {children}
        {error !== null && <ErrorState error={error} />}
        <Group justify="flex-end" gap="xs" mt="md">
          <Button size="xs" variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button size="xs" type="submit" loading={isBusy} disabled={!isReady}>
            {verb}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
