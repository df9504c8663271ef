import { IconCalendar, IconCircleHalf2, IconHash, IconLetterCase } from '@tabler/icons-react';
import type { ColumnType } from '../../../main/contract/data.ts';

const ICONS = {
  integer: IconHash,
  number: IconHash,
  boolean: IconCircleHalf2,
  text: IconLetterCase,
  time: IconCalendar,
};

export function TypeIcon({ type }: { readonly type: ColumnType }) {
  const Icon = ICONS[type];
  return <Icon size={14} className="type-icon" role="img" aria-label={type} />;
}
