# All headers that the build generates: clang-tidy needs them, and nothing else that is built.
add_custom_target(generated_headers)

# embed_text(TARGET NAME FILE): makes the text of FILE available to TARGET's sources as
#   #include "NAME.embedded.h"      ->   constexpr std::string_view userinfo::embedded::NAME
function(embed_text target name file)
  get_filename_component(file "${file}" ABSOLUTE)
  set(header "${CMAKE_CURRENT_BINARY_DIR}/embedded/${name}.embedded.h")
  add_custom_command(
    OUTPUT "${header}"
    COMMAND "${CMAKE_COMMAND}" -D "name=${name}" -D "file=${file}" -D "header=${header}" -P "${PROJECT_SOURCE_DIR}/cmake/embed_script.cmake"
    DEPENDS "${file}" "${PROJECT_SOURCE_DIR}/cmake/embed_script.cmake"
    VERBATIM)
  # A target of its own, which does not wait for the libraries that ${target} links.
  add_custom_target(embedded_${name} DEPENDS "${header}")
  add_dependencies(generated_headers embedded_${name})
  add_dependencies(${target} embedded_${name})
  target_sources(${target} PRIVATE "${header}")
  target_include_directories(${target} PRIVATE "${CMAKE_CURRENT_BINARY_DIR}/embedded")
endfunction()
