# covfork_embed_text(TARGET NAME FILE...): makes NAME.h in the build folder, which defines
# `static const char NAME[]` with the text of the files, one after the other, and lets TARGET
# include it.
function(covfork_embed_text target name)
    set(header "${CMAKE_CURRENT_BINARY_DIR}/embedded/${name}.h")
    set(files "")
    foreach(file IN LISTS ARGN)
        get_filename_component(file "${file}" ABSOLUTE)
        list(APPEND files "${file}")
    endforeach()
    string(REPLACE ";" "|" input "${files}")
    add_custom_command(OUTPUT "${header}"
        COMMAND ${CMAKE_COMMAND} -DNAME=${name} "-DINPUT=${input}" "-DOUTPUT=${header}"
                -P "${CMAKE_SOURCE_DIR}/cmake/embed_text_script.cmake"
        DEPENDS ${files} "${CMAKE_SOURCE_DIR}/cmake/embed_text_script.cmake" VERBATIM)
    target_sources(${target} PRIVATE "${header}")
    target_include_directories(${target} PRIVATE "${CMAKE_CURRENT_BINARY_DIR}/embedded")
endfunction()
