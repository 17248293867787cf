/* Knows the tnetstring grammar; see tnetstring.h. */
#include "import/tnetstring.h"

bool tnet_head(struct slice text, size_t *head, uint64_t *size)
{
    size_t digits = 0;
    uint64_t value = 0;
    while (digits < text.len && digits <= TNET_DIGITS && text.at[digits] >= '0' &&
           text.at[digits] <= '9')
        value = value * 10 + (uint64_t)(text.at[digits++] - '0');
    if (digits == 0 || digits > TNET_DIGITS || digits == text.len || text.at[digits] != ':')
        return false;
    *head = digits + 1;
    *size = value;
    return true;
}

bool tnet_next(struct slice *rest, struct tnet *out)
{
    size_t head;
    uint64_t size;
    if (!tnet_head(*rest, &head, &size) || size >= rest->len - head)
        return false;
    out->payload = slice_make(rest->at + head, (size_t)size);
    out->type = rest->at[head + size];
    *rest = slice_from(*rest, head + (size_t)size + 1);
    return out->type && strchr(",;#^!~]}", out->type);
}

struct tnet tnet_get(struct tnet dictionary, const char *key)
{
    struct tnet name, value;
    struct slice rest = dictionary.type == '}' ? dictionary.payload : SLICE_NONE;
    while (rest.len && tnet_next(&rest, &name) && tnet_next(&rest, &value))
        if (slice_is(tnet_text(name), key))
            return value;
    return (struct tnet){0};
}

struct slice tnet_text(struct tnet value)
{
    return value.type == ',' || value.type == ';' ? value.payload : SLICE_NONE;
}

int64_t tnet_int(struct tnet value, int64_t otherwise)
{
    int64_t out;
    if ((value.type == '#' || value.type == '^') && slice_to_int64(value.payload, &out))
        return out;
    return otherwise;
}

int64_t tnet_micros(struct tnet value)
{
    struct slice text = value.payload;
    size_t point = slice_find_byte(text, '.');
    int64_t seconds, micros = 0;
    if ((value.type != '#' && value.type != '^') ||
        !slice_to_int64(point == SIZE_MAX ? text : slice_first(text, point), &seconds) ||
        seconds > INT64_MAX / 2000000 || seconds < 0)
        return INT64_MIN;
    int64_t scale = 100000;
    for (size_t i = point; point != SIZE_MAX && ++i < text.len && scale > 0; scale /= 10) {
        if (text.at[i] < '0' || text.at[i] > '9')
            break;
        micros += (text.at[i] - '0') * scale;
    }
    return seconds * 1000000 + micros;
}
