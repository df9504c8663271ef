import { notifications } from '@mantine/notifications';

/** A failure with no page of its own to show it. */
export function tell(cause: unknown): void {
  notifications.show({
    color: 'red',
    title: 'That did not work',
    message: cause instanceof Error ? cause.message : String(cause),
  });
}
