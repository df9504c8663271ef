import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { AppError } from '../../main/contract/errors.ts';

/** What happened, what to do, and a way to try again. Never a stack trace. */
export function ErrorState({ error, onRetry }: { readonly error: unknown; readonly onRetry?: () => void }) {
  const message = error instanceof Error ? error.message : String(error);
  const fix = error instanceof AppError ? error.fix : undefined;
  return (
    <div className="error-state" role="alert">
      <IconAlertTriangle size={16} aria-hidden />
      <div className="grow">
        <p>{message}</p>
        {fix && <p className="muted">{fix.label}</p>}
      </div>
      {onRetry && (
        <Button size="xs" variant="default" onClick={onRetry}>
          Try again
        </Button>
      )}
    </div>
  );
}
