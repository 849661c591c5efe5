package io.argmind.tensor;

import static io.argmind.tensor.Documents.assertMalformed;
import static io.argmind.tensor.Documents.json;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MalformedJsonTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    # body                     | pointer | part of the detail
                    ''                         | ''      | the body is empty
                    '  '                       | ''      | the body is empty
                    [1]                        | ''      | expected an object at the top level, got an array
                    3                          | ''      | expected an object at the top level, got a number
                    "a"                        | ''      | expected an object at the top level, got a string
                    null                       | ''      | expected an object at the top level, got null
                    {"c":1} x                  | ''      | unrecognized token 'x'
                    {"c":1} {}                 | ''      | something follows the document's end (line 1, column 9)
                    {"c":1}}                   | ''      | unexpected close marker '}'
                    {                          | ''      | the document ends too early
                    {"c                        | ''      | the document ends too early
                    {"c":                      | ''      | the document ends too early
                    {"c":[1,2                  | /c/2    | the document ends too early (line 1, column 10)
                    {"c":[1,2]                 | ''      | the document ends too early
                    {"c":"op                   | /c      | the document ends too early
                    {"c":[1,2}                 | /c/2    | unexpected close marker '}': expected ']'
                    {"c":[1,]}                 | /c/1    | unexpected character (']'
                    {"c":[1 2]}                | /c/1    | was expecting comma
                    {"c":1,}                   | ''      | unexpected character ('}'
                    {"c" 1}                    | ''      | was expecting a colon
                    {c:1}                      | ''      | was expecting double-quote
                    {"c":1,"c":2}              | /c      | the field is given twice
                    {"p":{"c":1,"c":[]}}       | /p/c    | the field is given twice
                    {"c":[{"t":1,"t":2}]}      | /c/0/t  | the field is given twice
                    {//x                       | ''      | JSON has no comments (line 1, column 2)
                    {"c":/*x*/1}               | ''      | JSON has no comments
                    {"c":[1,#x                 | /c/1    | unexpected character ('#'
                    {"c":NaN}                  | ''      | JSON has no NaN
                    {"c":[1,NaN]}              | /c/1    | JSON has no NaN
                    {"c":[Infinity]}           | /c/0    | JSON has no Infinity
                    {"c":[-Infinity]}          | /c/0    | JSON has no -Infinity
                    {"c":[INF]}                | /c/0    | unrecognized token 'INF'
                    {"c":[1e400]}              | /c/0    | beyond the range of double precision (line 1, column 7)
                    {"c":[[1],[-1e400]]}       | /c/1/0  | beyond the range of double precision
                    {"tau":1e400}              | /tau    | beyond the range of double precision
                    {"c":[01]}                 | /c/0    | Leading zeroes not allowed
                    {"c":[+1]}                 | /c/0    | unexpected character ('+'
                    {"c":[.5]}                 | /c/0    | unexpected character ('.'
                    {"c":[1.]}                 | /c/0    | Decimal point not followed by a digit
                    {"c":[1e]}                 | /c/0    | Exponent indicator not followed by a digit
                    {"c":[0x10]}               | /c/1    | unexpected character ('x'
                    {"c":[-]}                  | /c/0    | unexpected character (']'
                    {"c":[tru]}                | /c/0    | unrecognized token 'tru'
                    {"c":["NaN",1]}            | /c/0    | expected a number as in the other entries, got the string "NaN"
                    {"c":[1,"NaN"]}            | /c/1    | expected a number, got the string "NaN"
                    {"c":[1,"3"]}              | /c/1    | expected a number, got the string "3"
                    {"c":["Infinity","inf"]}   | /c/1    | the only strings that are numbers are "Infinity" and "-Infinity"
                    {"c":[1,""]}               | /c/1    | expected a number, got the string ""
                    {"c":[1,true]}             | /c/1    | expected a number, got a boolean
                    {"c":[false,1]}            | /c/0    | expected a number as in the other entries, got a boolean
                    {"c":[1,{}]}               | /c/1    | expected a number, got an object
                    {"c":[{},1]}               | /c/0    | expected a number as in the other entries, got an object
                    {"c":[null,{}]}            | /c/1    | expected a number, got an object
                    {"A":[[1,2,3],[1,2]]}      | /A/1    | expected 3 entries as in the rows before, got 2
                    {"A":[[],[1]]}             | /A/1    | expected 0 entries as in the rows before, got 1
                    {"A":[[1,2],null,[1]]}     | /A/2    | expected 2 entries as in the rows before, got 1
                    {"A":[[[1],[2]],[[1,2]]]}  | /A/1    | an array of shape (2, 1) as in the rows before, got an array of shape (1, 2)
                    {"A":[[[1],[2,3]]]}        | /A/0/1  | expected 1 entries as in the rows before, got 2
                    {"A":[[1],2]}              | /A/1    | expected an array of shape (1,) as in the rows before, got a number
                    {"A":[1,[2]]}              | /A/1    | expected a number as in the rows before, got an array of shape (1,)
                    {"A":[[1],["x"]]}          | /A/1    | expected numbers as in the other rows
                    {"A":[["x"],1]}            | /A/0    | expected a number as in the other entries, got an array
                    {"a/b":{"~":[1,true]}}     | /a~1b/~0/1 | expected a number, got a boolean
                    {"c":"\\x"}                | /c      | unrecognized character escape
                    {"c":"\\ud800"}            | /c      | half of a surrogate pair
                    {"c":"\\udc00\\ud800"}     | /c      | half of a surrogate pair
                    {"\\udc00":1}              | ''      | unexpected low surrogate
                    """)
    void refused(String body, String pointer, String detail) {
        assertMalformed(() -> json(body), pointer, detail);
    }

    @Test
    void aSecondLineIsCountedAsSuch() {
        assertMalformed(() -> json("{\n  \"c\": [1,\n    2, x]}"), "/c/2", "(line 3, column 8)");
    }

    @Test
    void aControlCharacterMustBeEscaped() {
        assertMalformed(() -> json("{\"c\":\"a\tb\"}"), "/c", "illegal unquoted character");
    }

    @ParameterizedTest
    @CsvSource({
        "7b2263223a22ff227d, 6", // a byte that UTF-8 never has
        "7b2263223a22c080227d, 6", // an overlong zero
        "7b2263223a22eda080227d, 6", // a surrogate
        "7b2263223a22e282227d, 6", // a character cut short
        "1f8b08000000, 1", // gzip
        "00000000, 0",
        "feff007b007d, 0", // UTF-16 with a mark
        "7b007d00, 0" // UTF-16 without one
    })
    void onlyUtf8IsRead(String hex, int at) {
        byte[] body = HexFormat.of().parseHex(hex);
        assertMalformed(
                () -> new DocumentReader(Limits.DEFAULT).readJson(body, 0, body.length),
                "",
                "the body is not UTF-8, from byte " + at);
    }

    @Test
    void badBytesAreFoundFarIntoTheBody() {
        byte[] body = ("{\"c\":\"" + "é".repeat(20_000) + "\"}").getBytes(StandardCharsets.UTF_8);
        body[30_002] = '"';
        assertMalformed(
                () -> new DocumentReader(Limits.DEFAULT).readJson(body, 0, body.length),
                "",
                "the body is not UTF-8, from byte ");
    }
}
