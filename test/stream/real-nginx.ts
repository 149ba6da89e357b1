import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface NginxPorts {
  rtmp: number;
  http: number;
  /** address that both listen on */
  host?: string;
}

/**
 * A real nginx-rtmp of our own, unprivileged: application `live` with HLS of two-second pieces, and `/stat`.
 *
 * @param patience stock: as it comes, a dead publisher stays for about 112 s; hardened: it is dropped after 5 s
 */
export function startNginx(
  folder: string,
  { rtmp, http, host = '127.0.0.1' }: NginxPorts,
  patience: 'stock' | 'hardened' = 'hardened',
): ChildProcess {
  mkdirSync(join(folder, 'hls'), { recursive: true });
  const config = join(folder, 'nginx.conf');
  const [ping, drop] = patience === 'hardened' ? ['ping 5s; ping_timeout 5s;', 'drop_idle_publisher 5s;'] : ['', ''];
  writeFileSync(
    config,
    `load_module /usr/lib/nginx/modules/ngx_rtmp_module.so;
daemon off;
${process.getuid?.() === 0 ? 'user root;' : ''}
worker_processes 1;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log info;
events { worker_connections 256; }
rtmp {
  access_log off;
  server {
    listen ${host}:${rtmp};
    ${ping}
    application live { live on; ${drop} hls on; hls_path ${folder}/hls; hls_fragment 2s; hls_playlist_length 12s; }
  }
}
http {
  access_log off;
  client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/fcgi;
  uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
  server {
    listen ${host}:${http};
    location /stat { rtmp_stat all; }
    location /hls { root ${folder}; types { application/vnd.apple.mpegurl m3u8; video/mp2t ts; } }
  }
}
`,
  );
  return spawn('/usr/sbin/nginx', ['-p', folder, '-c', config, '-e', join(folder, 'error.log')], { stdio: 'ignore' });
}
