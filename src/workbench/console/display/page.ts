import { randomBytes } from 'node:crypto';
import { t } from '@vscode/l10n';

// not for people: a style sheet
const STYLE = `
  html, body { height: 100%; margin: 0; padding: 0; overflow: hidden; background: var(--vscode-editor-background); }
  #screen { position: absolute; inset: 0; }
  #notice { position: absolute; inset: 0; display: flex; flex-direction: column; align-items: center;
    justify-content: center; gap: 14px; padding: 24px; text-align: center; color: var(--vscode-descriptionForeground);
    font: var(--vscode-font-size) var(--vscode-font-family); background: var(--vscode-editor-background); }
  #notice[hidden], #notice-button[hidden] { display: none; }
  #notice-text { max-width: 46em; line-height: 1.5; overflow-wrap: anywhere; margin: 0; }
  #notice-button { font: inherit; padding: 5px 14px; border: 1px solid var(--vscode-button-border, transparent);
    border-radius: 2px; cursor: pointer; color: var(--vscode-button-foreground); background: var(--vscode-button-background); }
  #hint { position: absolute; bottom: 18px; left: 50%; transform: translateX(-50%); padding: 5px 12px;
    border-radius: 4px; border: 1px solid var(--vscode-widget-border, transparent); pointer-events: none;
    color: var(--vscode-editorHoverWidget-foreground); background: var(--vscode-editorHoverWidget-background);
    font: var(--vscode-font-size) var(--vscode-font-family); }
  #hint[hidden] { display: none; }
  #notice-button:hover { background: var(--vscode-button-hoverBackground); }
  #notice-button:focus-visible { outline: 1px solid var(--vscode-focusBorder); outline-offset: 2px; }
`;

/**
 * The page of a display, with its words in `language`. It may run our one script and nothing else, and reach nothing:
 * a guest's bytes are all that it deals with. noVNC makes pictures of them as data, which is all that it may show.
 */
export function displayPage(script: string, source: string, language: string): string {
  const nonce = randomBytes(16).toString('base64');
  // not for people: a browser obeys it
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}'`,
    `img-src data: ${source}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${escaped(t('Display'))}</title>
<style nonce="${nonce}">${STYLE}</style>
</head>
<body>
<div id="screen"></div>
<div id="notice" role="status"><p id="notice-text">${escaped(t('Connecting…'))}</p><button id="notice-button" hidden></button></div>
<div id="hint" role="status" hidden>${escaped(t('Press Ctrl+Alt to release the mouse'))}</div>
<script type="module" nonce="${nonce}" src="${script}"></script>
</body>
</html>
`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
