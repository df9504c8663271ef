import { lazy, Suspense, type ReactNode } from 'react';
import type { CoresetInfo } from '../../main/contract/coreset.ts';
import type { Job } from '../../main/contract/jobs.ts';
import type { Project } from '../../main/contract/project.ts';
import { call, type ChosenFile } from '../client/engine.ts';
import { LoadingState } from '../components/LoadingState.tsx';
import { useProject } from '../hooks/useProject.ts';
import { tell } from './tell.ts';
import { go, type Route } from './route.ts';
import { saveTrainFile } from './saveTrainFile.ts';

const StartPage = lazy(() => import('../pages/start/StartPage.tsx').then((m) => ({ default: m.StartPage })));
const DataPage = lazy(() => import('../pages/data/DataPage.tsx').then((m) => ({ default: m.DataPage })));
const TrainView = lazy(() => import('../pages/train/TrainPage.tsx').then((m) => ({ default: m.TrainView })));
const TrainSidebar = lazy(() => import('../pages/train/TrainSidebar.tsx').then((m) => ({ default: m.TrainSidebar })));
const RunsView = lazy(() => import('../pages/runs/RunsPage.tsx').then((m) => ({ default: m.RunsView })));
const RunsSidebar = lazy(() => import('../pages/runs/RunsSidebar.tsx').then((m) => ({ default: m.RunsSidebar })));
const RunView = lazy(() => import('../pages/run/RunPage.tsx').then((m) => ({ default: m.RunView })));
const CoresetsView = lazy(() => import('../pages/coreset/CoresetPage.tsx').then((m) => ({ default: m.CoresetsView })));
const CoresetsSidebar = lazy(() =>
  import('../pages/coreset/CoresetsSidebar.tsx').then((m) => ({ default: m.CoresetsSidebar })),
);

/** Pages a person is likely to open next; fetched when the first one stands, so that none has to be waited for. */
export function fetchPages(): void {
  void import('../pages/data/DataPage.tsx');
  void import('../pages/train/TrainPage.tsx');
  void import('../pages/train/TrainSidebar.tsx');
  void import('../pages/runs/RunsPage.tsx');
  void import('../pages/runs/RunsSidebar.tsx');
  void import('../pages/run/RunPage.tsx');
  void import('../pages/coreset/CoresetPage.tsx');
  void import('../pages/coreset/CoresetsSidebar.tsx');
}

export interface PageSwitchProps {
  readonly route: Route;
  readonly jobs: readonly Job[];
  /** The open tabs; the start page has none. */
  readonly tabs: ReactNode;
  readonly onImport: (file: ChosenFile) => void;
  readonly onChooseFile: () => void;
  readonly onNewProject: () => void;
}

/** The page of the route, with its sidebar; each page loads when it is first shown. */
export function PageSwitch(props: PageSwitchProps) {
  const { project, isKnown } = useProject();
  const { route, onChooseFile, onNewProject } = props;
  if (!isKnown) return <LoadingState label="Connecting to the engine" />;
  return (
    <Suspense fallback={<LoadingState label="Opening the page" />}>
      {route.page === 'projects' || !project ? (
        <StartPage onChooseFile={onChooseFile} onNewProject={onNewProject} />
      ) : (
        <>
          {props.tabs}
          <ProjectPage {...props} project={project} />
        </>
      )}
    </Suspense>
  );
}

function ProjectPage({ route, jobs, project, onChooseFile }: PageSwitchProps & { readonly project: Project }) {
  const { id: projectId, isReadOnly } = project;
  const { item } = route;
  const openRun = (runId: string) => go('runs', runId);
  const openFile = (name: string | null) => go('train', name);
  const openData = () => go('data');
  switch (route.page) {
    case 'data':
      return (
        <DataPage
          key={projectId}
          projectId={projectId}
          isReadOnly={isReadOnly}
          versionId={item}
          jobs={jobs}
          onChooseFile={onChooseFile}
        />
      );
    case 'train':
      return (
        <>
          <aside className="sidebar" aria-label="Train files" data-region tabIndex={-1}>
            <div className="panel-head">Train</div>
            <TrainSidebar
              {...{ projectId, isReadOnly, jobs }}
              fileName={item}
              onOpenFile={openFile}
              onOpenRun={openRun}
            />
          </aside>
          <main className="centre" data-region tabIndex={-1}>
            <TrainView
              {...{ projectId, isReadOnly, jobs }}
              fileName={item}
              onOpenFile={openFile}
              onOpenRun={openRun}
              onOpenData={openData}
            />
          </main>
        </>
      );
    case 'runs':
      return (
        <>
          <aside className="sidebar" aria-label="Runs" data-region tabIndex={-1}>
            <div className="panel-head">Runs</div>
            <RunsSidebar projectId={projectId} runId={item} onOpenRun={openRun} />
          </aside>
          <main className="centre" data-region tabIndex={-1}>
            {item === null ? (
              <RunsView
                projectId={projectId}
                isReadOnly={isReadOnly}
                onOpenRun={openRun}
                onOpenTrain={() => go('train')}
              />
            ) : (
              <RunView
                key={item}
                {...{ projectId, isReadOnly, jobs }}
                runId={item}
                onOpenFile={(yaml, name) => void saveAndOpen(projectId, yaml, name)}
                onOpenRun={openRun}
              />
            )}
          </main>
        </>
      );
    case 'coreset':
      return (
        <>
          <aside className="sidebar" aria-label="Coresets" data-region tabIndex={-1}>
            <div className="panel-head">Coresets</div>
            <CoresetsSidebar projectId={projectId} coresetId={item} onOpenCoreset={(id) => go('coreset', id)} />
          </aside>
          <main className="centre" data-region tabIndex={-1}>
            <CoresetsView
              {...{ projectId, isReadOnly, jobs }}
              coresetId={item}
              onOpenCoreset={(id) => go('coreset', id)}
              onTrain={(info, level) => void trainOn(projectId, info, level)}
              onOpenData={openData}
            />
          </main>
        </>
      );
    case 'projects':
      return null;
  }
}

async function saveAndOpen(projectId: string, yaml: string, name: string): Promise<void> {
  try {
    go('train', await saveTrainFile(projectId, name, yaml));
  } catch (cause) {
    tell(cause);
  }
}

/** A train file for the version the coreset stands for, at the coreset's size and level. */
async function trainOn(projectId: string, info: CoresetInfo, level: number): Promise<void> {
  try {
    const target = info.target === null ? {} : { target: info.target };
    const { yaml } = await call('config.propose', { projectId, versionId: info.versionId, ...target });
    const patch = { 'coreset.size': info.size, 'coreset.seed': info.seed, 'coreset.level': level };
    const patched = await call('config.patch', { yaml, patch });
    await saveAndOpen(projectId, patched.yaml, `${info.name}.yaml`);
  } catch (cause) {
    tell(cause);
  }
}
