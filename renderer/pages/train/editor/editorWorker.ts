// Monaco's own worker, as a chunk of ours: a content security policy of 'self' is enough for it.
import 'monaco-editor/editor/editor.worker.js';
