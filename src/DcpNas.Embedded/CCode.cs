using System.Globalization;
using System.Text;

namespace DcpNas.Embedded;

/// <summary>The code that runs the network.</summary>
internal static class CCode
{
    private const string Choices = """
        #include "nn.h"
        #include "nn_weights.h"

        /* How things are computed; the numbers are the same whatever is chosen. Define any of these to 0 or 1 to choose otherwise. */
        #ifndef NN_POPCOUNT /* the processor counts bits in one instruction */
        #if defined(__riscv_zbb) || defined(__POPCNT__) || defined(__loongarch__)
        #define NN_POPCOUNT 1
        #else
        #define NN_POPCOUNT 0
        #endif
        #endif
        #ifndef NN_HARLEY_SEAL /* words are added in carry-save form before bits are counted */
        #define NN_HARLEY_SEAL (!NN_POPCOUNT)
        #endif
        #ifndef NN_MULTIPLIES_SLOWLY /* no multiplication of 32 bits, or a slow one */
        #if defined(__AVR__) || (defined(__riscv) && !defined(__riscv_mul))
        #define NN_MULTIPLIES_SLOWLY 1
        #else
        #define NN_MULTIPLIES_SLOWLY 0
        #endif
        #endif
        #ifndef NN_MULTIPLIES_LONG /* 32 x 32 -> 64 bits in one or two instructions */
        #if defined(__ARM_ARCH_6M__) || defined(__ARM_ARCH_8M_BASE__) || NN_MULTIPLIES_SLOWLY
        #define NN_MULTIPLIES_LONG 0
        #else
        #define NN_MULTIPLIES_LONG 1
        #endif
        #endif
        #ifndef NN_DSP /* two products of 16 bits in one instruction (Cortex-M4, M7, M33 with DSP, M55) */
        #if defined(__ARM_FEATURE_DSP) && defined(__ARM_FEATURE_SIMD32) && !defined(__ARM_BIG_ENDIAN)
        #define NN_DSP 1
        #else
        #define NN_DSP 0
        #endif
        #endif
        #ifndef NN_HELIUM /* vectors of 128 bits (Cortex-M52, M55, M85) */
        #if defined(__ARM_FEATURE_MVE) && !defined(__ARM_BIG_ENDIAN)
        #define NN_HELIUM 1
        #else
        #define NN_HELIUM 0
        #endif
        #endif
        #if NN_DSP
        #include <arm_acle.h>
        #endif
        #if NN_HELIUM
        #include <arm_mve.h>
        #endif
        /* Inner loops keep their registers where they do not become a part of nn_run. */
        #if defined(__GNUC__)
        #define NN_NOINLINE __attribute__((noinline))
        #else
        #define NN_NOINLINE
        #endif


        """;

    public static string Write(CProgram program)
    {
        var text = new StringBuilder(Choices);
        text.Append(CKernels.Text([.. program.Steps.SelectMany(step => step.Kernels), .. program.Detector is null ? [] : (string[])["detect"]]));
        text.Append('\n');
        foreach (var layer in program.Layers)
        {
            text.Append(layer).Append('\n');
        }

        var steps = new StringBuilder();
        for (var i = 0; i < program.Steps.Count; i++)
        {
            Step(steps, program, i);
        }

        var body = steps.ToString();
        text.Append(CultureInfo.InvariantCulture, $$"""

            /* The arena must not be smaller than what the layers below write to. */
            typedef char nn_arena_is_large_enough[NN_ARENA_BYTES >= {{program.ArenaBytes}} ? 1 : -1];

            int nn_run(const uint8_t *pixels, int16_t *results, void *arena)
            {
                uint8_t *const memory = (uint8_t *)arena;

            """);
        text.Append(body.Contains("for (y = 0", StringComparison.Ordinal) ? "    int32_t y, x, i;\n" : body.Contains("for (i = 0", StringComparison.Ordinal) ? "    int32_t i;\n" : "");
        text.Append("""
                if (pixels == 0 || results == 0 || arena == 0) {
                    return NN_ERROR_NULL;
                }

                if (((uintptr_t)memory & 3u) != 0) {
                    return NN_ERROR_ALIGN;
                }


            """);
        text.Append(body);
        text.Append("    return NN_OK;\n}\n");
        if (program.Results.FirstOrDefault(result => result.Name == "logits") is { } logits)
        {
            text.Append(CultureInfo.InvariantCulture, $$"""

                int nn_class(const int16_t *results)
                {
                    int best = 0;
                    int i;
                    for (i = 1; i < {{logits.Count}}; i++) {
                        if (results[NN_LOGITS_FIRST + i] > results[NN_LOGITS_FIRST + best]) {
                            best = i;
                        }
                    }

                    return best;
                }

                """);
        }

        if (program.Detector is { } detector)
        {
            Detect(text, detector);
        }

        return text.ToString();
    }

    private static void Detect(StringBuilder text, CDetector detector)
    {
        text.Append("\nstatic const nn_level nn_levels[] = {\n");
        foreach (var level in detector.Levels)
        {
            text.Append("    {").Append(level).Append("},\n");
        }

        text.Append(CultureInfo.InvariantCulture, $$"""
            };

            typedef char nn_boxes_have_12_bytes[sizeof(nn_box) == {{CDetector.BoxBytes}} ? 1 : -1];

            int32_t nn_detect(int16_t *results, nn_box *boxes, int32_t most, void *arena)
            {
                if (results == 0 || boxes == 0 || arena == 0) {
                    return -NN_ERROR_NULL;
                }

                if (((uintptr_t)arena & 3u) != 0) {
                    return -NN_ERROR_ALIGN;
                }

                most = most < 0 ? 0 : most < NN_MOST_BOXES ? most : NN_MOST_BOXES;
                return {{detector.Call}};
            }

            """);
    }

    private static void Step(StringBuilder text, CProgram program, int index)
    {
        var step = program.Steps[index];
        text.Append("    /* ").Append(step.Title).Append(" */\n");
        foreach (var line in step.Lines())
        {
            text.Append("    ").Append(line).Append('\n');
        }

        text.Append(CultureInfo.InvariantCulture, $"#if NN_LAYER_HOOK\n    nn_layer_hook({index}, {step.Output.Pointer}, {step.Output.Elements}, {CTable.SizeOf(step.Output.Type)});\n#endif\n");
        if (index + 1 == program.Steps.Count)
        {
            foreach (var result in program.Results.Where(result => result.Value.ResultOffset != result.Offset))
            {
                text.Append(CultureInfo.InvariantCulture, $"    for (i = 0; i < {result.Count}; i++) {{\n        results[{result.Offset} + i] = {result.Value.Pointer}[i];\n    }}\n");
            }
        }
    }
}
