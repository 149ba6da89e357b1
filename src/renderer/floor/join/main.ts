import { mount } from 'svelte';
import '../../lib/tokens.css';
import '../../lib/base.css';
import '../parts/floor.css';
import { fromBase64Url } from '../../../contract/base64url.ts';
import { INVITE_BYTES } from '../../../contract/pairing.ts';
import { PAGE_OF, readIdentity } from '../../lib/floor-identity.ts';
import Join from './Join.svelte';

// The invitation leaves the address bar before anything else happens, so that no history, screenshot or shared link has it.
const fragment = location.hash.slice(1);
history.replaceState(null, '', location.pathname);
// Another code scanned into the same tab.
addEventListener('hashchange', () => location.reload());

const identity = readIdentity();
if (fragment === '' && identity) location.replace(PAGE_OF[identity.role]);
else
  mount(Join, {
    target: document.body,
    props: { invite: fromBase64Url(fragment, INVITE_BYTES), hasFragment: fragment !== '' },
  });
