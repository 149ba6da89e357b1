import { mount } from 'svelte';
import '../../lib/tokens.css';
import '../../lib/base.css';
import { FloorLine } from '../../lib/floor-connection.svelte.ts';
import { readIdentity } from '../../lib/floor-identity.ts';
import { KeepAwake } from '../../lib/keep-awake.svelte.ts';
import '../parts/floor.css';
import App from './App.svelte';

const awake = new KeepAwake();
awake.start();
const connection = new FloorLine(readIdentity(), { awake: () => awake.state });
connection.start();
mount(App, { target: document.body, props: { connection } });
