# Writes a header that holds the text of a file as a raw string literal. Called by embed_text.
file(READ "${file}" text)
if(text MATCHES "\\)=embedded=\"")
  message(FATAL_ERROR "${file} holds the delimiter of the raw string literal")
endif()
file(WRITE "${header}" "#pragma once\n#include <string_view>\nnamespace userinfo::embedded {\ninline constexpr std::string_view ${name} = R\"=embedded=(${text})=embedded=\";\n}\n")
