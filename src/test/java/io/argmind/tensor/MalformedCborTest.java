package io.argmind.tensor;

import static io.argmind.tensor.Documents.assertMalformed;
import static io.argmind.tensor.Documents.cbor;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MalformedCborTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    # body                              | pointer | part of the detail
                    ''                                  | ''      | the body is empty
                    01                                  | ''      | expected an object at the top level, got a number
                    8101                                | ''      | expected an object at the top level, got an array
                    d84041ff                            | ''      | expected an object at the top level, got a typed array
                    a0 00                               | ''      | something follows the document's end
                    a1                                  | ''      | the body ends
                    a1 6163                             | /c      | the body ends
                    a1 6163 82 01                       | /c      | the body ends before an array of length 2
                    a1 6163 82 01 19                    | /c/1    | the body ends too early
                    a1 6163 9f 01                       | /c/1    | the body ends too early
                    bf 6163 ff                          | /c      | an unexpected break
                    a1 6163 ff                          | /c      | an unexpected break
                    a1 6163 81 ff                       | /c/0    | an unexpected break
                    a1 6163 1c                          | /c      | reserved head
                    a1 6163 1f                          | /c      | a head without a value
                    a1 6163 df                          | /c      | a head without a value
                    a1 6163 f8 18                       | /c      | the unknown simple value 24
                    a1 6163 e0                          | /c      | the unknown simple value 0
                    a1 01 02                            | ''      | a field name that is not a text string
                    a1 41 63 02                         | ''      | a field name that is not a text string
                    a2 6163 01 6163 02                  | /c      | the field is given twice
                    a1 61ff 01                          | ''      | a field name that is not UTF-8
                    a1 6163 62c080                      | /c      | a string that is not UTF-8
                    a1 6163 7f 6161 4162 ff             | /c      | a chunk of a string that is not one
                    a1 6163 7f 7f ff ff                 | /c      | a chunk of a string that is not one
                    a1 6163 7bffffffffffffffff 00       | /c      | ends before a string of length 18446744073709551615
                    a1 6163 9bffffffffffffffff 00       | /c      | ends before an array of length 18446744073709551615
                    a1 6163 bb7fffffffffffffff 00       | /c      | ends before an object of length 9223372036854775807
                    a1 6163 41 00                       | /c      | a byte string without a typed array's tag
                    a1 6163 82 01 6161                  | /c/1    | expected a number, got the string "a"
                    a1 6163 82 01 f5                    | /c/1    | expected a number, got a boolean
                    a1 6163 82 8101 820102              | /c/1    | expected 1 entries as in the rows before, got 2
                    a1 6163 82 d8404101 d840420102      | /c/1    | expected 1 entries as in the rows before, got 2
                    a1 6163 c2 4101                     | /c      | the tag 2 is not supported
                    a1 6163 d9d9f7 01                   | /c      | the tag 55799 is not supported
                    a1 6163 dbffffffffffffffff 01       | /c      | the tag 18446744073709551615 is not supported
                    a1 6163 d84c 4101                   | /c      | the tag 76 is not supported
                    a1 6163 d853 40                     | /c      | float128 arrays (tag 83) are not supported
                    a1 6163 d857 40                     | /c      | float128 arrays (tag 87) are not supported
                    a1 6163 d856 83010203               | /c      | the typed array's tag 86 must be on a byte string
                    a1 6163 d856 d856 40                | /c      | the typed array's tag 86 must be on a byte string
                    a1 6163 d856 48 00                  | /c      | the body ends before a typed array of length 8
                    a1 6163 d856 5bffffffffffffffff 00  | /c      | the body ends before a typed array
                    a1 6163 d856 47 00000000000000      | /c      | a typed array (tag 86) of 7 bytes, which is not a multiple of 8
                    a1 6163 d855 42 0000                | /c      | a typed array (tag 85) of 2 bytes, which is not a multiple of 4
                    a1 6163 d841 43 000000              | /c      | a typed array (tag 65) of 3 bytes, which is not a multiple of 2
                    a1 6141 d828 01                     | /A      | must be an array of two: shape and entries
                    a1 6141 d828 81 8102                | /A      | must be an array of two: shape and entries
                    a1 6141 d828 83 8101 d8404101 00    | /A      | must be an array of two: shape and entries
                    a1 6141 d828 9f 8101 d8404101 ff    | /A      | must be an array of two: shape and entries
                    a1 6141 d828 82 02 d840420102       | /A      | the shape must be an array
                    a1 6141 d828 82 8102 420102         | /A      | the entries must be an array
                    a1 6141 d828 82 8102 d8404101       | /A      | shape (2,) needs 2 entries, got 1
                    a1 6141 d828 82 820102 83010203     | /A      | shape (1, 2) needs 2 entries, got 3
                    a1 6141 d828 82 80 80               | /A      | shape () needs 1 entries, got 0
                    a1 6141 d828 82 8120 80             | /A      | the shape's axis 0 is no length: -1.0
                    a1 6141 d828 82 8201f93e00 80       | /A      | the shape's axis 1 is no length: 1.5
                    a1 6141 d828 82 81f97e00 80         | /A      | the shape's axis 0 is no length: NaN
                    a1 6141 d828 82 81f6 80             | /A      | the shape's axis 0 is no length: NaN
                    a1 6141 d828 82 816161 80           | /A      | expected a number
                    a1 6141 d828 82 8100 8101 8102      | /A      | shape (0,) needs 0 entries, got 1
                    a1 6141 d828 82 811bffffffffffffffff 80 | /A  | the shape holds more than 67108864 entries
                    a1 6141 d828 82 831a000100001a000100001a00010000 80 | /A | the shape holds more than 67108864 entries
                    a1 6141 d828 82 821a80000000 1a80000000 80 | /A | the shape holds more than 67108864 entries
                    a1 6141 d828 82 82001a80000000 80   | /A      | the shape holds more than 67108864 entries
                    a1 6141 d828 82 8102 82 01 d8404101 | /A      | expected a number
                    a1 6141 d828 82 8102 82 01 8102     | /A      | expected a number
                    a1 6141 d90410 82 8102 d8404101     | /A      | shape (2,) needs 2 entries, got 1
                    """)
    void refused(String hex, String pointer, String detail) {
        assertMalformed(() -> cbor(hex), pointer, detail);
    }
}
