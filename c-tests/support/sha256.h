/* SHA-256 (FIPS 180-4), for comparing long streams: start, add as often as needed, finish. */
#ifndef SHA256_H
#define SHA256_H
#include <stdint.h>
#include <stdio.h>
#include <string.h>

typedef struct sha256_t {
  uint32_t h[8];
  uint64_t len;
  uint8_t block[64];
} sha256_t;

static const uint32_t sha256_k[64] = {
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01,
  0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc,
  0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
  0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08,
  0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
  0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static inline uint32_t sha256_rotate(uint32_t x, int n) { return x >> n | x << (32 - n); }

static inline void sha256_start(sha256_t *s) {
  static const uint32_t h[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  memcpy(s->h, h, sizeof h);
  s->len = 0;
}

/* One round; the roles of the eight words turn with the arguments instead of the words moving. */
static inline void sha256_round(uint32_t a, uint32_t b, uint32_t c, uint32_t *d, uint32_t e, uint32_t f, uint32_t g,
                                uint32_t *h, uint32_t kw) {
  uint32_t x = *h + (sha256_rotate(e, 6) ^ sha256_rotate(e, 11) ^ sha256_rotate(e, 25)) + (g ^ (e & (f ^ g))) + kw;
  *d += x;
  *h = x + (sha256_rotate(a, 2) ^ sha256_rotate(a, 13) ^ sha256_rotate(a, 22)) + ((a & b) | (c & (a | b)));
}

static inline void sha256_compress(sha256_t *s, const uint8_t *p) {
  uint32_t w[64], a = s->h[0], b = s->h[1], c = s->h[2], d = s->h[3], e = s->h[4], f = s->h[5], g = s->h[6], h = s->h[7];
  const uint32_t *k = sha256_k;
  for (int i = 0; i < 16; i++, p += 4) w[i] = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
  for (int i = 16; i < 64; i++) {
    uint32_t x = w[i - 15], y = w[i - 2];
    w[i] = w[i - 16] + w[i - 7] + (sha256_rotate(x, 7) ^ sha256_rotate(x, 18) ^ x >> 3) +
           (sha256_rotate(y, 17) ^ sha256_rotate(y, 19) ^ y >> 10);
  }
  for (int i = 0; i < 64; i += 8) {
    sha256_round(a, b, c, &d, e, f, g, &h, k[i] + w[i]);
    sha256_round(h, a, b, &c, d, e, f, &g, k[i + 1] + w[i + 1]);
    sha256_round(g, h, a, &b, c, d, e, &f, k[i + 2] + w[i + 2]);
    sha256_round(f, g, h, &a, b, c, d, &e, k[i + 3] + w[i + 3]);
    sha256_round(e, f, g, &h, a, b, c, &d, k[i + 4] + w[i + 4]);
    sha256_round(d, e, f, &g, h, a, b, &c, k[i + 5] + w[i + 5]);
    sha256_round(c, d, e, &f, g, h, a, &b, k[i + 6] + w[i + 6]);
    sha256_round(b, c, d, &e, f, g, h, &a, k[i + 7] + w[i + 7]);
  }
  s->h[0] += a, s->h[1] += b, s->h[2] += c, s->h[3] += d;
  s->h[4] += e, s->h[5] += f, s->h[6] += g, s->h[7] += h;
}

static inline void sha256_add(sha256_t *s, const void *data, size_t len) {
  const uint8_t *p = data;
  size_t held = s->len % 64;
  s->len += len;
  if (held) {
    size_t n = 64 - held < len ? 64 - held : len;
    memcpy(s->block + held, p, n);
    p += n;
    len -= n;
    if (held + n < 64) return;
    sha256_compress(s, s->block);
  }
  for (; len >= 64; p += 64, len -= 64) sha256_compress(s, p);
  if (len) memcpy(s->block, p, len);
}

/* The digest as 64 hexadecimal digits. */
static inline void sha256_finish(sha256_t *s, char text[65]) {
  static const uint8_t padding[64] = {0x80};
  uint64_t bits = s->len * 8;
  uint8_t tail[8];
  sha256_add(s, padding, 1 + (119 - s->len % 64) % 64);
  for (int i = 0; i < 8; i++) tail[i] = (uint8_t)(bits >> (56 - 8 * i));
  sha256_add(s, tail, 8);
  for (int i = 0; i < 8; i++) snprintf(text + 8 * i, 9, "%08x", (unsigned)s->h[i]);
}

#endif
