import { consoleCommands, displayCommands } from './console-commands.ts';
import { documentCommands } from './document-commands.ts';
import { domainCommands } from './domain-commands.ts';
import { environmentCommands } from './environment-commands.ts';
import { hostCommands } from './host-commands.ts';
import { storageCommands } from './storage-commands.ts';

/** Every command, by its id. Faces import the type of the ids only: at run time package.json has the words. */
export const COMMANDS = {
  ...hostCommands,
  ...storageCommands,
  ...domainCommands,
  ...consoleCommands,
  ...displayCommands,
  ...documentCommands,
  ...environmentCommands,
};

export type CommandId = keyof typeof COMMANDS;

/** The commands whose ids begin with a group. A table with these keys compiles only when it has all, and no other. */
export type CommandsOf<Group extends string> = Extract<CommandId, `${Group}.${string}`>;
