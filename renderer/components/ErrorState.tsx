import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { AppError, AppErrorData, fromAppErrorData } from '../../main/contract/errors.ts';

/** What happened, what to do, and a way to try again. Never a stack trace. */
export function ErrorState({ error, onRetry }: { readonly error: unknown; readonly onRetry?: () => void }) {
  const told = asError(error);
  const message = told instanceof Error ? told.message : String(told);
  const fix = told instanceof AppError ? told.fix : undefined;
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

/** Jobs tell their errors as plain data. */
function asError(error: unknown): unknown {
  const data = AppErrorData.safeParse(error);
  return !(error instanceof Error) && data.success ? fromAppErrorData(data.data) : error;
}
