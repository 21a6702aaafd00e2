'use strict';
const video = document.getElementById('video');
if (video) {
  const fromDisk = location.protocol === 'file:';
  const status = document.getElementById('status');
  const group = document.getElementById('sources');
  let current = -1;

  // why says what keeps a source from playing here, or nothing.
  function why(source) {
    if (source.failed) return 'did not play in this browser';
    if (source.hls && fromDisk) return 'HLS plays from a web server, not from a file';
    if (!video.canPlayType(source.type)) return source.hls ? 'this browser does not play HLS by itself' : 'not played by this browser';
    return '';
  }

  function say() {
    const source = page.sources[current];
    if (!source) {
      status.textContent = 'This browser plays none of the files; download them below.';
    } else if (video.videoWidth) {
      status.textContent = `${source.hls ? 'HLS' : 'File'}, ${video.videoWidth}×${video.videoHeight}`;
    } else {
      status.textContent = '';
    }
  }

  const buttons = page.sources.map((source, i) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.append(source.label);
    const note = document.createElement('small');
    note.textContent = source.note;
    button.append(note);
    button.addEventListener('click', () => play(i));
    group.append(button);
    return button;
  });

  function mark() {
    buttons.forEach((button, i) => {
      const reason = why(page.sources[i]);
      button.disabled = reason !== '';
      button.title = reason;
      button.setAttribute('aria-pressed', String(i === current));
    });
    say();
  }

  // play changes the source and keeps time and state.
  function play(i) {
    const at = current < 0 ? 0 : video.currentTime, paused = video.paused;
    current = i;
    mark();
    if (i < 0) return;
    video.src = page.sources[i].link;
    if (at > 0) video.addEventListener('loadedmetadata', () => { video.currentTime = at; }, { once: true });
    if (!paused) video.play().catch(() => {});
  }

  const firstPlayable = () => page.sources.findIndex((source) => why(source) === '');
  video.addEventListener('error', () => {
    if (current < 0) return;
    page.sources[current].failed = true;
    play(firstPlayable());
  });
  for (const name of ['loadedmetadata', 'resize']) video.addEventListener(name, say);
  play(firstPlayable());

  const strip = document.getElementById('strip');
  if (strip) timeline(strip);
}

// timeline makes a strip of stills that shows where the player is and goes where it is asked to.
function timeline(strip) {
  const canvas = strip.querySelector('canvas');
  const head = strip.querySelector('.head');
  const tile = strip.querySelector('.tile');
  const length = () => (Number.isFinite(video.duration) && video.duration > 0 ? video.duration : page.duration);
  const clock = (s) => `${Math.floor(s / 60)}:${String(Math.floor(s % 60)).padStart(2, '0')}`;
  const cueAt = (s) => page.cues.findLast((cue) => cue.from <= s) ?? page.cues[0];

  const sheets = new Map();
  for (const cue of page.cues) {
    if (sheets.has(cue.sheet)) continue;
    const image = new Image();
    image.addEventListener('load', draw);
    sheets.set(cue.sheet, image);
    image.src = cue.sheet;
  }

  // draw fills the strip with as many stills as fit, each cut to its place.
  function draw() {
    const scale = window.devicePixelRatio || 1;
    canvas.width = Math.round(canvas.clientWidth * scale);
    canvas.height = Math.round(canvas.clientHeight * scale);
    const { w, h } = page.cues[0];
    const n = Math.max(1, Math.min(page.cues.length, Math.round(canvas.width / (canvas.height * w / h))));
    const context = canvas.getContext('2d');
    for (let i = 0; i < n; i++) {
      const left = Math.round(i * canvas.width / n), width = Math.round((i + 1) * canvas.width / n) - left;
      const cue = cueAt((i + .5) / n * length());
      const image = sheets.get(cue.sheet);
      if (!image.complete || !image.naturalWidth) continue;
      const zoom = Math.max(width / cue.w, canvas.height / cue.h);
      const sw = width / zoom, sh = canvas.height / zoom;
      context.drawImage(image, cue.x + (cue.w - sw) / 2, cue.y + (cue.h - sh) / 2, sw, sh, left, 0, width, canvas.height);
    }
  }
  new ResizeObserver(draw).observe(strip);

  function follow() {
    const at = video.currentTime;
    head.style.left = `${Math.min(1, at / length()) * 100}%`;
    strip.setAttribute('aria-valuemax', length().toFixed(1));
    strip.setAttribute('aria-valuenow', at.toFixed(1));
    strip.setAttribute('aria-valuetext', clock(at));
  }
  for (const name of ['timeupdate', 'seeking', 'loadedmetadata']) video.addEventListener(name, follow);
  follow();

  const seek = (s) => { video.currentTime = Math.min(Math.max(s, 0), length()); };
  const timeOf = (event) => {
    const box = strip.getBoundingClientRect();
    return Math.min(Math.max((event.clientX - box.left) / box.width, 0), 1) * length();
  };

  // peek shows the still of the time under the pointer.
  function peek(event) {
    const s = timeOf(event), cue = cueAt(s), still = tile.querySelector('.still');
    still.style.width = `${cue.w}px`;
    still.style.height = `${cue.h}px`;
    still.style.backgroundImage = `url("${cue.sheet}")`;
    still.style.backgroundPosition = `${-cue.x}px ${-cue.y}px`;
    tile.querySelector('span').textContent = clock(s);
    tile.hidden = false;
    const x = s / length() * strip.clientWidth;
    tile.style.left = `${Math.min(Math.max(x - tile.offsetWidth / 2, 0), strip.clientWidth - tile.offsetWidth)}px`;
  }
  strip.addEventListener('pointermove', (event) => {
    peek(event);
    if (event.buttons & 1) seek(timeOf(event));
  });
  strip.addEventListener('pointerdown', (event) => {
    strip.setPointerCapture(event.pointerId);
    seek(timeOf(event));
  });
  strip.addEventListener('pointerleave', () => { tile.hidden = true; });
  strip.addEventListener('keydown', (event) => {
    const steps = { ArrowLeft: -2, ArrowDown: -2, ArrowRight: 2, ArrowUp: 2, PageDown: -10, PageUp: 10 };
    if (event.key in steps) seek(video.currentTime + steps[event.key]);
    else if (event.key === 'Home') seek(0);
    else if (event.key === 'End') seek(length());
    else return;
    event.preventDefault();
  });
}
