import { Button, Modal } from '@mantine/core';
import { IconDownload, IconFolder, IconPlus } from '@tabler/icons-react';
import { useCallback, useState } from 'react';
import type { EngineEvent } from '../../../main/contract/channels.ts';
import { tell } from '../../app/tell.ts';
import { formatBytes } from '../../charts/format.ts';
import { call } from '../../client/engine.ts';
import { shell } from '../../client/shell.ts';
import { ErrorState } from '../../components/ErrorState.tsx';
import { useReading } from '../run/useReading.ts';
import { openPath, openSample } from './openProject.ts';
import { RecentProjects } from './RecentProjects.tsx';
import './start.css';

export interface StartPageProps {
  readonly onChooseFile: () => void;
  readonly onNewProject: () => void;
}

const isAbout = (event: EngineEvent) => event.type === 'changed' && event.what === 'project';

/** Where work begins: a file, a recent project, or a sample. */
export function StartPage({ onChooseFile, onNewProject }: StartPageProps) {
  const read = useCallback(async () => {
    const [recent, samples] = await Promise.all([call('project.recent', {}), call('app.samples', {})]);
    return { recent, samples };
  }, []);
  const { value, error, reload } = useReading(read, isAbout);
  const [opening, setOpening] = useState<string | null>(null);

  const open = (key: string, work: () => Promise<void>) => {
    setOpening(key);
    work()
      .catch(tell)
      .finally(() => setOpening(null));
  };

  return (
    <main className="centre is-wide" data-region tabIndex={-1}>
      <div className="start">
        <div className="start-head">
          <h1>Projects</h1>
          <span className="grow" />
          <OpenFolder onOpen={(path) => open(path, () => openPath(path))} />
          <Button variant="default" leftSection={<IconPlus size={14} />} onClick={onNewProject}>
            New project
          </Button>
        </div>
        <section className="start-drop" aria-label="Start from a file">
          <span className="empty-icon" aria-hidden>
            <IconDownload size={22} />
          </span>
          <div className="grow">
            <h2>Drop a table here to start</h2>
            <p className="muted">CSV, TSV, JSON, JSON lines or Parquet. Files stay on this machine.</p>
          </div>
          <Button onClick={onChooseFile}>Choose file</Button>
        </section>
        {error !== null && <ErrorState error={error} onRetry={() => void reload()} />}
        <div className="start-label">
          <h2>Recent</h2>
          <span className="muted">best metric of the last runs, on validation rows</span>
        </div>
        <RecentProjects
          projects={value?.recent ?? null}
          opening={opening}
          onOpen={(path) => open(path, () => openPath(path))}
          onChanged={() => void reload()}
        />
        <div className="start-label">
          <h2>Sample projects</h2>
          <span className="muted">included, work offline</span>
        </div>
        <div className="start-samples">
          {value?.samples.map((sample) => (
            <article key={sample.id} className="start-sample" aria-label={sample.title}>
              <div>
                <h2>{sample.title}</h2>
                <span className="muted num">{formatBytes(sample.bytes)}</span>
              </div>
              <p className="muted">{sample.description}</p>
              <div>
                <span className="muted num">
                  {sample.nRows.toLocaleString('en')} × {sample.nColumns}
                </span>
                <Button
                  size="xs"
                  variant="default"
                  loading={opening === sample.id}
                  onClick={() => open(sample.id, () => openSample(sample.id))}
                  aria-label={`Open ${sample.title}`}
                >
                  Open
                </Button>
              </div>
            </article>
          ))}
        </div>
        <ol className="start-steps">
          <li>
            <b>Open a table</b>Its columns are profiled and its problems named
          </li>
          <li>
            <b>Draw a coreset</b>See how close it is to all rows before you train
          </li>
          <li>
            <b>Train and compare</b>Seconds per run; the winner is checked on all rows
          </li>
          <li>
            <b>Take it with you</b>One ONNX file that takes raw columns
          </li>
        </ol>
      </div>
    </main>
  );
}

/** A native dialog in the desktop window; a browser has none, so it says how a folder is opened there. */
function OpenFolder({ onOpen }: { readonly onOpen: (path: string) => void }) {
  const [isTelling, setTelling] = useState(false);
  const choose = async () => {
    const chosen = await shell?.openDialog({ what: 'project' });
    if (chosen) onOpen(chosen);
  };
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconFolder size={14} />}
        onClick={() => (shell ? void choose() : setTelling(true))}
      >
        Open folder
      </Button>
      <Modal opened={isTelling} onClose={() => setTelling(false)} title="Open a project folder" size="md">
        <p>
          In a browser Pith opens its own projects and the folder that it was started with: no page may ask for another
          one. To open a project that lies elsewhere, stop Pith and start it with
        </p>
        <pre className="start-command">npx pith serve --project FOLDER</pre>
      </Modal>
    </>
  );
}
