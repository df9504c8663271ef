import { AppError } from '../../contract/errors.ts';
import { genericService } from './generic/service.ts';
import { kmeansService } from './kmeans/service.ts';
import { linearService } from './linear/service.ts';
import { logisticService } from './logistic/service.ts';
import { networkService } from './network/service.ts';
import { pcaService } from './pca/service.ts';
import type { Pilot, PilotState, Service, ServiceName } from './service.ts';
import { svmService } from './svm/service.ts';
import { treeService } from './tree/service.ts';

const services: readonly Service[] = [
  logisticService,
  linearService,
  svmService,
  kmeansService,
  pcaService,
  treeService,
  networkService,
  genericService,
];

/** Names of the services there are. */
export const availableServices = (): ServiceName[] => services.map(({ name }) => name);

/** Throws AppError SERVICE_UNKNOWN. */
export function serviceOf(name: string): Service {
  const found = services.find((service) => service.name === name);
  if (found) return found;
  throw new AppError({
    code: 'SERVICE_UNKNOWN',
    message: `There is no coreset service "${name}".`,
    fix: { kind: 'setParam', label: `Choose one of: ${services.map((s) => s.name).join(', ')}` },
  });
}

export const restorePilot = (state: PilotState): Pilot => serviceOf(state.service).restore(state);
