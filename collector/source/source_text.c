/*
 * Decoding of Python sources. Each rule is that of tokenize.detect_encoding and of coverage.py's
 * get_python_source, the order included: line ends and form feeds are changed in the raw bytes,
 * before they are decoded.
 */
#include "collector/source/source_text.h"

#include "collector/base/line_set.h"

#include <ctype.h>
#include <errno.h>
#include <iconv.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define REPLACEMENT      "\xef\xbf\xbd"
#define REPLACEMENT_SIZE 3
#define NAME_MAX_SIZE    64
/* Only the beginning of a declared name decides whether it is UTF-8 or Latin-1 (PEP 263). */
#define NAME_COMPARED 12

/*
 * Python's names of codecs, without punctuation, that iconv knows by another one or not at all.
 * Shift JIS is read as its superset since iconv's own has a yen sign in place of the backslash.
 */
static const struct codec_alias {
    const char *python;
    const char *iconv;
} codec_aliases[] = {
    { "646", "ASCII" },
    { "cp65001", "UTF-8" },
    { "u8", "UTF-8" },
    { "utf", "UTF-8" },
    { "utf8ucs2", "UTF-8" },
    { "utf8ucs4", "UTF-8" },
    { "utf8", "UTF-8" },
    { "u7", "UTF-7" },
    { "utf7", "UTF-7" },
    { "8859", "ISO-8859-1" },
    { "iso8859", "ISO-8859-1" },
    { "latin", "ISO-8859-1" },
    { "latin1", "ISO-8859-1" },
    { "l1", "ISO-8859-1" },
    { "iso88591", "ISO-8859-1" },
    { "cp819", "ISO-8859-1" },
    { "l9", "ISO-8859-15" },
    { "thai", "ISO-8859-11" },
    { "big5tw", "BIG5" },
    { "csbig5", "BIG5" },
    { "hkscs", "BIG5-HKSCS" },
    { "037", "CP037" },
    { "1125", "CP1125" },
    { "ibm1125", "CP1125" },
    { "cp866u", "CP1125" },
    { "1140", "CP1140" },
    { "1250", "CP1250" },
    { "1251", "CP1251" },
    { "1252", "CP1252" },
    { "1253", "CP1253" },
    { "1254", "CP1254" },
    { "1255", "CP1255" },
    { "1256", "CP1256" },
    { "1257", "CP1257" },
    { "1258", "CP1258" },
    { "273", "CP273" },
    { "424", "CP424" },
    { "437", "CP437" },
    { "500", "CP500" },
    { "775", "CP775" },
    { "850", "CP850" },
    { "852", "CP852" },
    { "855", "CP855" },
    { "857", "CP857" },
    { "858", "CP858" },
    { "860", "CP860" },
    { "861", "CP861" },
    { "862", "CP862" },
    { "863", "CP863" },
    { "865", "CP865" },
    { "866", "CP866" },
    { "869", "CP869" },
    { "932", "CP932" },
    { "ms932", "CP932" },
    { "csshiftjis", "CP932" },
    { "mskanji", "CP932" },
    { "949", "CP949" },
    { "ms949", "CP949" },
    { "uhc", "CP949" },
    { "950", "CP950" },
    { "ms950", "CP950" },
    { "936", "GBK" },
    { "cp936", "GBK" },
    { "ms936", "GBK" },
    { "gb180302000", "GB18030" },
    { "chinese", "GB2312" },
    { "gb231280", "GB2312" },
    { "euccn", "GB2312" },
    { "eucgb2312cn", "GB2312" },
    { "gb23121980", "GB2312" },
    { "gb2312", "GB2312" },
    { "korean", "EUC-KR" },
    { "ksc5601", "EUC-KR" },
    { "ksx1001", "EUC-KR" },
    { "ms1361", "JOHAB" },
    { "cp1361", "JOHAB" },
    { "ujis", "EUC-JP" },
    { "eucjp", "EUC-JP" },
    { "eucjis2004", "EUC-JISX0213" },
    { "sjis", "CP932" },
    { "shiftjis", "CP932" },
    { "sjisx0213", "SHIFT_JISX0213" },
    { "kz1048", "KZ-1048" },
    { "strk10482002", "KZ-1048" },
    { "rk1048", "KZ-1048" },
    { "ptcp154", "PT154" },
    { "cp154", "PT154" },
    { "cyrillicasian", "PT154" },
    { "macroman", "MACINTOSH" },
    { "maclatin2", "MAC-CENTRALEUROPE" },
    { "maccyrillic", "MAC-CYRILLIC" },
    { "cp1051", "HP-ROMAN8" },
    { "ibm1051", "HP-ROMAN8" },
    { "tis62025290", "TIS-620" },
};

struct line_span {
    const unsigned char *start;
    size_t size;
};

static int decode_error(struct error *error, const char *path, const char *reason, const char *name)
{
    return error_set(error, ERROR_SOURCE, "couldn't parse '%s' as Python source: %s%s", path,
                     reason, name);
}

/* The number of bytes of the UTF-8 character at `p`, or 0 when it is not one; `*wrong` is then the
 * number of bytes that one U+FFFD stands for. */
static size_t utf8_measure(const unsigned char *p, const unsigned char *end, size_t *wrong)
{
    size_t need;
    unsigned char low = 0x80, high = 0xbf;
    *wrong = 1;
    if (p[0] < 0x80)
        return 1;
    if (p[0] >= 0xc2 && p[0] <= 0xdf) {
        need = 2;
    } else if ((p[0] & 0xf0) == 0xe0) {
        need = 3;
        if (p[0] == 0xe0)
            low = 0xa0;
        else if (p[0] == 0xed)
            high = 0x9f; /* no surrogates */
    } else if (p[0] >= 0xf0 && p[0] <= 0xf4) {
        need = 4;
        if (p[0] == 0xf0)
            low = 0x90;
        else if (p[0] == 0xf4)
            high = 0x8f;
    } else {
        return 0;
    }
    for (size_t i = 1; i < need; i++) {
        if (p + i >= end || p[i] < low || p[i] > high) {
            *wrong = i;
            return 0;
        }
        low = 0x80;
        high = 0xbf;
    }
    return need;
}

static bool utf8_is_valid(const unsigned char *p, const unsigned char *end)
{
    while (p < end) {
        uint64_t word;
        while (end - p >= 8) {
            memcpy(&word, p, sizeof word);
            if (word & 0x8080808080808080u)
                break;
            p += 8;
        }
        if (p == end)
            break;
        size_t wrong;
        size_t size = utf8_measure(p, end, &wrong);
        if (size == 0)
            return false;
        p += size;
    }
    return true;
}

/* Copies `source` with "\r\n" and "\r" as "\n" and form feeds as spaces; at most `size` bytes. */
static size_t normalise_copy(unsigned char *to, const unsigned char *source, size_t size)
{
    if (size == 0)
        return 0;
    if (!memchr(source, '\r', size) && !memchr(source, '\f', size)) {
        memcpy(to, source, size);
        return size;
    }
    size_t used = 0;
    for (size_t i = 0; i < size; i++) {
        unsigned char c = source[i];
        if (c == '\r') {
            if (i + 1 < size && source[i + 1] == '\n')
                continue;
            c = '\n';
        } else if (c == '\f') {
            c = ' ';
        }
        to[used++] = c;
    }
    return used;
}

static struct line_span line_at(const unsigned char *start, const unsigned char *end)
{
    if (start == end)
        return (struct line_span){ start, 0 };
    const unsigned char *newline = memchr(start, '\n', (size_t)(end - start));
    return (struct line_span){ start, (size_t)((newline ? newline : end) - start) };
}

static bool is_blank_or_comment(struct line_span line)
{
    size_t i = 0;
    while (i < line.size && (line.start[i] == ' ' || line.start[i] == '\t'))
        i++;
    return i == line.size || line.start[i] == '#';
}

static bool is_name_char(unsigned char c)
{
    return c < 0x80 && (isalnum(c) || c == '-' || c == '_' || c == '.');
}

/* Finds the name in a line such as "# -*- coding: NAME -*-". */
static bool declared_name(struct line_span line, struct line_span *name)
{
    size_t i = 0;
    while (i < line.size && (line.start[i] == ' ' || line.start[i] == '\t'))
        i++;
    if (i == line.size || line.start[i] != '#')
        return false;
    static const char word[] = "coding";
    const size_t word_size = sizeof word - 1;
    for (i++; i + word_size < line.size; i++) {
        if (memcmp(line.start + i, word, word_size) != 0)
            continue;
        size_t at = i + word_size;
        if (line.start[at] != ':' && line.start[at] != '=')
            continue;
        at++;
        while (at < line.size && (line.start[at] == ' ' || line.start[at] == '\t'))
            at++;
        size_t end = at;
        while (end < line.size && is_name_char(line.start[end]))
            end++;
        if (end > at) {
            *name = (struct line_span){ line.start + at, end - at };
            return true;
        }
    }
    return false;
}

static bool has_prefix(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

static bool is_codec(const char *codec)
{
    iconv_t conversion = iconv_open("UTF-8", codec);
    if (conversion == (iconv_t)-1)
        return false;
    iconv_close(conversion);
    return true;
}

/* Puts the iconv name of the declared encoding into `codec`. */
static void codec_of_name(struct line_span name, char codec[NAME_MAX_SIZE])
{
    char start[NAME_COMPARED + 1];
    size_t used = 0;
    for (; used < name.size && used < NAME_COMPARED; used++)
        start[used] = name.start[used] == '_' ? '-' : (char)tolower(name.start[used]);
    start[used] = '\0';
    if (strcmp(start, "utf-8") == 0 || has_prefix(start, "utf-8-")) {
        strcpy(codec, "UTF-8");
        return;
    }
    static const char *const latin[] = { "latin-1", "iso-8859-1", "iso-latin-1" };
    for (size_t i = 0; i < sizeof latin / sizeof *latin; i++)
        if (has_prefix(start, latin[i]) &&
            (start[strlen(latin[i])] == '\0' || start[strlen(latin[i])] == '-')) {
            strcpy(codec, "ISO-8859-1");
            return;
        }
    char bare[NAME_MAX_SIZE];
    used = 0;
    for (size_t i = 0; i < name.size && used < sizeof bare - 1; i++)
        if (isalnum(name.start[i]))
            bare[used++] = (char)tolower(name.start[i]);
    bare[used] = '\0';
    for (size_t i = 0; i < sizeof codec_aliases / sizeof *codec_aliases; i++)
        if (strcmp(bare, codec_aliases[i].python) == 0) {
            strcpy(codec, codec_aliases[i].iconv);
            return;
        }
    /* iconv has most other names with a hyphen where Python has an underscore, some as they are,
     * some bare. */
    for (used = 0; used < name.size && used < NAME_MAX_SIZE - 1; used++)
        codec[used] = name.start[used] == '_' ? '-' : (char)name.start[used];
    codec[used] = '\0';
    if (is_codec(codec))
        return;
    memcpy(codec, name.start, used);
    if (!is_codec(codec))
        strcpy(codec, bare);
}

/*
 * Decides by the first two lines of the normalised bytes. `*skip` is the size of the BOM. `codec`
 * receives iconv's name of the encoding.
 */
static int detect_codec(const char *path, const unsigned char *bytes, size_t size,
                        char codec[NAME_MAX_SIZE], size_t *skip, struct error *error)
{
    const unsigned char *end = bytes + size;
    bool bom = size >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0;
    *skip = bom ? 3 : 0;
    strcpy(codec, "UTF-8");
    struct line_span line = line_at(bytes + *skip, end);
    for (int i = 0; i < 2; i++) {
        if (!utf8_is_valid(line.start, line.start + line.size))
            return decode_error(error, path, "invalid or missing encoding declaration", "");
        struct line_span name;
        if (declared_name(line, &name)) {
            codec_of_name(name, codec);
            bool utf8 = strcmp(codec, "UTF-8") == 0;
            if (bom && !utf8)
                return decode_error(error, path, "encoding problem: utf-8", "");
            if (!utf8 && !is_codec(codec)) {
                char shown[NAME_MAX_SIZE];
                size_t used = name.size < sizeof shown - 1 ? name.size : sizeof shown - 1;
                memcpy(shown, name.start, used);
                shown[used] = '\0';
                return decode_error(error, path, "unknown encoding: ", shown);
            }
            return 0;
        }
        if (!is_blank_or_comment(line) || line.start + line.size == end)
            return 0;
        line = line_at(line.start + line.size + 1, end);
    }
    return 0;
}

/* Replaces what is not valid UTF-8; `to` has room for three times `size`. */
static size_t decode_utf8(unsigned char *to, const unsigned char *from, size_t size)
{
    const unsigned char *end = from + size;
    unsigned char *start = to;
    while (from < end) {
        size_t wrong;
        size_t good = utf8_measure(from, end, &wrong);
        if (good) {
            for (size_t i = 0; i < good; i++)
                *to++ = *from++;
        } else {
            memcpy(to, REPLACEMENT, REPLACEMENT_SIZE);
            to += REPLACEMENT_SIZE;
            from += wrong;
        }
    }
    return (size_t)(to - start);
}

/* Decodes by iconv into a heap block with room for a newline and a NUL. 0 or -1. */
static int decode_iconv(struct source_text *text, const char *path, const char *codec,
                        unsigned char *from, size_t size, struct error *error)
{
    iconv_t conversion = iconv_open("UTF-8", codec);
    if (conversion == (iconv_t)-1)
        return decode_error(error, path, "unknown encoding: ", codec);
    size_t capacity = size * 2 + 64;
    char *bytes = malloc(capacity);
    size_t used = 0;
    char *in = (char *)from;
    size_t left = size;
    bool flushing = false;
    while (bytes) {
        if (capacity - used < 64) {
            char *larger = realloc(bytes, capacity * 2);
            if (!larger) {
                free(bytes);
                bytes = NULL;
                break;
            }
            bytes = larger;
            capacity *= 2;
        }
        char *out = bytes + used;
        size_t room = capacity - used - 16;
        size_t done = flushing ? iconv(conversion, NULL, NULL, &out, &room)
                               : iconv(conversion, &in, &left, &out, &room);
        used = (size_t)(out - bytes);
        if (done != (size_t)-1) {
            if (flushing)
                break;
            flushing = true;
        } else if (errno == E2BIG) {
            char *larger = realloc(bytes, capacity * 2);
            if (!larger) {
                free(bytes);
                bytes = NULL;
                break;
            }
            bytes = larger;
            capacity *= 2;
        } else if (left == 0 || flushing) {
            break;
        } else {
            memcpy(bytes + used, REPLACEMENT, REPLACEMENT_SIZE);
            used += REPLACEMENT_SIZE;
            in++;
            left--;
        }
    }
    iconv_close(conversion);
    if (!bytes)
        return error_set(error, ERROR_MEMORY, "out of memory decoding '%s'", path);
    text->bytes = bytes;
    text->size = used;
    return 0;
}

/* Bytes of the line end at `p` as str.splitlines sees it; 0 where there is none. */
static size_t measure_line_end(const unsigned char *p, const unsigned char *end)
{
    if (*p == '\r')
        return p + 1 < end && p[1] == '\n' ? 2 : 1;
    if ((*p >= '\n' && *p <= '\f') || (*p >= 0x1c && *p <= 0x1e))
        return 1;
    if (*p == 0xc2 && end - p >= 2 && p[1] == 0x85)
        return 2;
    return *p == 0xe2 && end - p >= 3 && p[1] == 0x80 && (p[2] == 0xa8 || p[2] == 0xa9) ? 3 : 0;
}

/* Behind the printable ASCII that begins at `at`, or somewhat before. */
static const unsigned char *pass_printable(const unsigned char *at, const unsigned char *end)
{
    const uint64_t high = 0x8080808080808080u, least = 0x2020202020202020u;
    for (; end - at >= 8; at += 8) {
        uint64_t word;
        memcpy(&word, at, sizeof word);
        /* Above 0x7f, or below 0x20; what a borrow adds is looked at in vain. */
        uint64_t odd = (word | (word - least)) & high;
        if (!odd)
            continue;
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
        at += (size_t)__builtin_ctzll(odd) / 8;
#endif
        break;
    }
    return at;
}

/* Moves `*p` behind the line that begins there and gives its length without its end. */
static size_t pass_line(const unsigned char **p, const unsigned char *end)
{
    const unsigned char *start = *p, *at = start;
    for (; at < end; at++) {
        if (*at >= 0x20 && *at < 0x7f) {
            at = pass_printable(at, end);
            if (at == end)
                break;
        }
        size_t size = measure_line_end(at, end);
        if (size) {
            *p = at + size;
            return (size_t)(at - start);
        }
    }
    *p = at;
    return (size_t)(at - start);
}

static size_t count_lines(const unsigned char *p, size_t size)
{
    size_t count = 0;
    for (const unsigned char *end = p + size; p < end; count++)
        pass_line(&p, end);
    return count;
}

bool source_text_next_line(const struct source_text *text, size_t *at, struct source_line *line)
{
    if (*at >= text->size)
        return false;
    const unsigned char *start = (const unsigned char *)text->bytes + *at, *next = start;
    size_t length = pass_line(&next, (const unsigned char *)text->bytes + text->size);
    *line = (struct source_line){ text->bytes + *at, length, (size_t)(next - start) };
    *at += line->whole;
    return true;
}

int source_text_decode(struct source_text *text, const char *path, const unsigned char *source,
                       size_t size, struct error *error)
{
    *text = (struct source_text){ NULL, 0, 0 };
    if (size > LINE_SET_MAX_LINE)
        return decode_error(error, path, "the file is too large", "");
    unsigned char *bytes = malloc(size + 2);
    if (!bytes)
        return error_set(error, ERROR_MEMORY, "out of memory reading '%s'", path);
    size = normalise_copy(bytes, source, size);
    char codec[NAME_MAX_SIZE];
    size_t skip;
    if (detect_codec(path, bytes, size, codec, &skip, error) < 0) {
        free(bytes);
        return -1;
    }
    if (strcmp(codec, "UTF-8") != 0) {
        int done = decode_iconv(text, path, codec, bytes, size, error);
        free(bytes);
        if (done < 0)
            return -1;
    } else if (utf8_is_valid(bytes + skip, bytes + size)) {
        memmove(bytes, bytes + skip, size - skip);
        text->bytes = (char *)bytes;
        text->size = size - skip;
    } else {
        unsigned char *decoded = malloc((size - skip) * REPLACEMENT_SIZE + 2);
        if (decoded)
            text->size = decode_utf8(decoded, bytes + skip, size - skip);
        free(bytes);
        if (!decoded)
            return error_set(error, ERROR_MEMORY, "out of memory reading '%s'", path);
        text->bytes = (char *)decoded;
    }
    if (text->size && text->bytes[text->size - 1] != '\n')
        text->bytes[text->size++] = '\n';
    text->bytes[text->size] = '\0';
    text->line_count = (uint32_t)count_lines((unsigned char *)text->bytes, text->size);
    return 0;
}

void source_text_close(struct source_text *text)
{
    free(text->bytes);
    *text = (struct source_text){ NULL, 0, 0 };
}
