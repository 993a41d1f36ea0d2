import { useOwnIcons } from './app/controls.ts';
import { startRouter } from './app/router.ts';
import './app/app.ts';

useOwnIcons();
startRouter();
