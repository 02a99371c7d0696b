import { consoleCommands, displayCommands } from './console-commands.ts';
import { documentCommands } from './document-commands.ts';
import { domainCommands } from './domain-commands.ts';
import { environmentCommands } from './environment-commands.ts';
import { hostCommands } from './host-commands.ts';

/** Every command, by its id. Faces import the type of the ids only: at run time package.json has the words. */
export const COMMANDS = {
  ...hostCommands,
  ...domainCommands,
  ...consoleCommands,
  ...displayCommands,
  ...documentCommands,
  ...environmentCommands,
};

export type CommandId = keyof typeof COMMANDS;

/** Those whose ids begin alike: a table of them for its keys that has all, and no other, compiles. */
export type CommandsOf<Group extends string> = Extract<CommandId, `${Group}.${string}`>;
