import type { CustomHeaderProps } from 'ag-grid-react';
import { IconArrowDown, IconArrowUp, IconFilter } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import type { ColumnProfile, ColumnType } from '../../../main/contract/data.ts';
import { MiniProfile } from './MiniProfile.tsx';
import { TypeIcon } from './TypeIcon.tsx';

export interface GridHeaderParams {
  readonly type: ColumnType;
  readonly profile: ColumnProfile | null;
  readonly nRows: number;
  readonly onChoose: (name: string) => void;
}

/** A column's head: type, name, share missing, distinct values, and its shape. Click sorts; the name opens its profile. */
export function GridHeader(props: CustomHeaderProps & GridHeaderParams) {
  const { displayName, column, profile, nRows, type, onChoose, progressSort, showFilter } = props;
  const [sort, setSort] = useState(column.getSort() ?? null);
  useEffect(() => {
    const update = () => setSort(column.getSort() ?? null);
    column.addEventListener('sortChanged', update);
    return () => column.removeEventListener('sortChanged', update);
  }, [column]);
  const missing = profile ? profile.nMissing / Math.max(1, nRows) : 0;
  return (
    <div className="grid-head">
      <div className="grid-head-name">
        <button
          type="button"
          className="grid-head-sort"
          onClick={(event) => progressSort(event.shiftKey)}
          aria-label={`Sort by ${displayName}`}
        >
          <TypeIcon type={type} />
          <b>{displayName}</b>
          {sort === 'asc' && <IconArrowUp size={12} aria-label="ascending" />}
          {sort === 'desc' && <IconArrowDown size={12} aria-label="descending" />}
        </button>
        <button type="button" aria-label={`Filter ${displayName}`} onClick={(event) => showFilter(event.currentTarget)}>
          <IconFilter size={12} />
        </button>
      </div>
      {profile && (
        <button
          type="button"
          className="grid-head-profile"
          aria-label={`Profile of ${displayName}`}
          onClick={() => onChoose(displayName)}
        >
          {/* Four times the scale, so that 5 % can be seen; the number is always printed. */}
          <span
            className={missing > 0 ? 'missing-bar is-some' : 'missing-bar'}
            style={{ '--share': `${Math.min(100, missing * 400)}%` }}
          >
            <i />
            {missing > 0 && missing < 0.01 ? '<1' : Math.round(100 * missing)} %
          </span>
          <span className="muted">
            {profile.isDistinctExact ? '' : '≈'}
            {profile.nDistinct.toLocaleString('en')} distinct
          </span>
          <MiniProfile column={profile} nRows={nRows} />
        </button>
      )}
    </div>
  );
}
