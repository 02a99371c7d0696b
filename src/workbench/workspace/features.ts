import { registerLanguage } from './language/register.ts';
import type { Environments } from './environments.ts';
import { StatusItem } from './view/status-item.ts';

/** What there is once a workspace uses guests: the parts that show themselves. */
export function registerFeatures(environments: Environments): void {
  environments.own(new StatusItem(environments), registerLanguage(environments));
}
