/* XML, HTML and property lists. */
#include "redacting.h"

#include <criterion/parameterized.h>

#define TOKEN "[redacted:token len=1-15 #]"
#define PASSWORD "[redacted:password len=1-15]"

struct markup_row {
    char text[200], want[260]; /* want "" = comes through unchanged */
};

ParameterizedTestParameters(markup, loses_secrets_and_nothing_else)
{
    static struct markup_row rows[] = {
        {"<a:Password x='y'>hunter</a:Password>", "<a:Password x='y'>" PASSWORD "</a:Password>"},
        /* without quotes, and what would be the value states another secret */
        {"<x password=\nset-cookie: a=hunter2\n>", "<x password=\n[redacted:password len=16-63]>"},
        {"<x password=\nset-cookie: a=\"b>c\" id=\"42\">",
         "<x password=\n[redacted:password len=16-63]>"},
        {"<note: Authorization: Bearer abcd1234\n=\"x\">",
         "<note: Authorization: Bearer " TOKEN "\n=\"x\">"},
        {"<a href=https://u:hunter2@h.test/x>", "<a href=https://u:" PASSWORD "@h.test/x>"},
        {"<a href=https://h.test/?sig=abcd1234 id=x>",
         "<a href=https://h.test/?sig=[redacted:signature len=1-15 #] id=x>"},
        {"<key>secret https://u:hunter2@h.test/</key>",
         "<key>secret https://u:" PASSWORD "@h.test/</key>"},
        {"<key>password=hunter2</key>", "<key>password=" PASSWORD "</key>"},
        {"<name>Authorization: Bearer abcd1234</name><value>x</value>",
         "<name>Authorization: Bearer " TOKEN "</name><value>" TOKEN "</value>"},
        {"<x password=hunter2 id=42>", "<x password=" PASSWORD " id=42>"},
        {"<Password><![CDATA[h<nter]]></Password>",
         "<Password><![CDATA[" PASSWORD "]]></Password>"},
        {"<Password>\n <Value>x</Value></Password>",
         "<Password>\n <Value>" PASSWORD "</Value></Password>"},
        {"<Data Name=\"Password\">x</Data><Data Name=\"User\">y</Data>",
         "<Data Name=\"Password\">" PASSWORD "</Data><Data Name=\"User\">y</Data>"},
        {"<add value='x' key='ClientSecret'/>",
         "<add value='[redacted:secret len=1-15 #]' key='ClientSecret'/>"},
        {"<input name=\"authenticity_token\" value=\"x\">",
         "<input name=\"authenticity_token\" value=\"" TOKEN "\">"},
        {"<key>password</key>\n <string>x</string><key>a</key><string>b</string>",
         "<key>password</key>\n <string>" PASSWORD "</string><key>a</key><string>b</string>"},
        {"<ds:SignatureValue>abc</ds:SignatureValue><NameID>n</NameID>",
         "<ds:SignatureValue>[redacted:signature len=1-15"
         " #]</ds:SignatureValue><NameID>n</NameID>"},
        {"<a token=\"x\" href='https://h/?code=y'/>",
         "<a token=\"" TOKEN "\" href='https://h/?code=" TOKEN "'/>"},
        {"<Password>abcd1234", "<Password>" PASSWORD},
        {"<e>{\"password\":\"x\"}</e>", "<e>{\"password\":\"" PASSWORD "\"}</e>"},
        /* what only looks like markup, or holds more than it should */
        {"<a b='x\npassword=hunter2\n' c='https://u:hunter2@h.test/",
         "<a b='x\npassword=" PASSWORD "\n' c='https://u:" PASSWORD "@h.test/"},
        {"<note Authorization: Bearer abcd1234 a='b'>",
         "<note Authorization: Bearer " TOKEN " a='b'>"},
        /* not secrets */
        {"<Password></Password><Password/> <Token>\n<Type>x</Type></Token>", ""},
        {"raw token or 'Bearer <token>'.", ""},
        {"1 < 2 and <b>bold</b> <br/> <", ""},
        {"<tokenType>Bearer1234</tokenType>", ""},
        {"<html><head><title>504 Gateway Time-out</title></head></html>", ""},
    };
    return cr_make_param_array(struct markup_row, rows, sizeof rows / sizeof *rows);
}

ParameterizedTest(struct markup_row *row, markup, loses_secrets_and_nothing_else)
{
    redacting_open();
    expect_body("text/xml", row->text, row->want[0] ? row->want : row->text);
    redacting_close();
}
