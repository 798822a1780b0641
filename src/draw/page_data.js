/*
 * Unpacks the data of the page, as page.c writes them:
 *
 * - the words, in the order of the model;
 * - X and Y of each word, 0 to 1, y downwards (in Base64, whole numbers from 0 to 65535, y upwards);
 * - the number of its group, or 65535 for none;
 * - its k nearest neighbours in the space: the upper 24 bits of a number are the neighbour's place in
 *   the list of words, the lower 8 the cosine, 0 for -1 and 255 for 1;
 * - the order in which the words get labels: the data name the first ones, and the others follow in
 *   the order of the model.
 */
"use strict";
function unpackWords(data) {
  const words = data.words, n = words.length, k = data.k;

  function bytes(text) {
    const raw = atob(text), out = new Uint8Array(raw.length);
    for (let i = 0; i < raw.length; i++) out[i] = raw.charCodeAt(i);
    return new DataView(out.buffer);
  }

  const X = new Float32Array(n), Y = new Float32Array(n);
  const group = new Uint16Array(n);
  const near = new Uint32Array(n * k), cosine = new Uint8Array(n * k);
  {
    const places = bytes(data.places), groups = bytes(data.group), nearest = bytes(data.nearest);
    for (let i = 0; i < n; i++) {
      X[i] = places.getUint16(4 * i, true) / 65535;
      Y[i] = 1 - places.getUint16(4 * i + 2, true) / 65535;
      group[i] = groups.getUint16(2 * i, true);
    }
    for (let i = 0; i < n * k; i++) {
      const both = nearest.getUint32(4 * i, true);
      near[i] = both >>> 8;
      cosine[i] = both & 255;
    }
  }
  const order = new Uint32Array(n);
  {
    const first = new Uint8Array(n);
    let at = 0;
    for (const i of data.first) { first[i] = 1; order[at++] = i; }
    for (let i = 0; i < n; i++) if (!first[i]) order[at++] = i;
  }
  return { words, n, k, X, Y, group, near, cosine, order };
}
