import { bayesFamily } from '../../main/models/bayes/index.ts';
import { estimatorSuite } from './estimatorSuite.ts';

for (const entry of bayesFamily) estimatorSuite(entry);
