/** Editors with a YAML extension check a kvm.yaml with this schema, too. */
export const yamlValidation = [{ fileMatch: ['kvm.yaml', 'kvm.yml'], url: './schemas/kvm.schema.json' }];

/** Defaults of VS Code that we change for people who have not set them. */
export const configurationDefaults = {
  // Whoever has typed all that is proposed means a new line with Enter.
  '[xml]': { 'editor.linkedEditing': true, 'editor.acceptSuggestionOnEnter': 'smart' },
  'files.autoSaveWorkspaceFilesOnly': true,
  'remote.portsAttributes': {
    '5900-5999': { label: 'Display of a guest', onAutoForward: 'silent' },
  },
};

export const taskDefinitions = [
  {
    type: 'kvm',
    required: ['command'],
    properties: {
      command: {
        type: 'string',
        enum: ['up', 'down', 'reload', 'provision', 'destroy'],
        description: 'What to do with the guests of a kvm.yaml.',
      },
      guest: { type: 'string', description: 'Name of one guest in the file. Without it, all of them.' },
      file: { type: 'string', description: 'Path of the kvm.yaml, relative to the workspace folder.' },
    },
  },
];
