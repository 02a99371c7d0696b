/** A menu of VS Code that commands of ours stand in, or one of our own below such a menu. */
export type Menu =
  | 'editor/title'
  | 'editor/title/context'
  | 'explorer/context'
  | 'terminal/context'
  | 'terminal/title/context'
  | `kvm.${string}`
  | 'view/item/context'
  | 'view/title';

/** Where a menu has a command. */
export interface Place {
  readonly menu: Menu;
  /** VS Code's group, with the command's place in it: `1_run@2`. */
  readonly group: string;
  /** A when clause; always, if left out. */
  readonly when?: string;
}

/** What package.json says of a command. */
export interface Command {
  /** Ends in “…” when the command asks for something before it acts. */
  readonly title: string;
  /** Where the place says already what it is about: in the title of a view or an editor, and above a line of text. */
  readonly shortTitle?: string;
  /** The name of a codicon. Buttons need one. */
  readonly icon?: string;
  /** When the palette offers it: a when clause; always, if left out. */
  readonly palette?: string;
  readonly menus?: readonly Place[];
}

/** Commands by their ids. */
export type Commands = Readonly<Record<string, Command>>;

/** What a key gives its command in the place of an item: it is for the line that has the focus. */
export const FOCUSED = 'focused';

/** The palette does not offer it: it needs something that only a menu gives it. */
export const NEVER = 'false';
