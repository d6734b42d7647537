using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using DcpNas.Runtime;
using DcpNas.Runtime.Model;

namespace DcpNas.Embedded;

/// <summary>What a drawn image gives in the runtime's integer mode, as hashes that the generated self-test compares.</summary>
internal sealed class CSelfTest
{
    private const uint Seed = 0x2545f491;
    private const uint FirstHash = 2166136261;
    private const uint HashFactor = 16777619;

    private const int Boxes = 8;

    private CSelfTest(IReadOnlyList<uint> steps, uint results, uint boxes) => (Steps, Results, BestBoxes) = (steps, results, boxes);

    /// <summary>One hash per step.</summary>
    public IReadOnlyList<uint> Steps { get; }

    /// <summary>The hash of all results.</summary>
    public uint Results { get; }

    /// <summary>The hash of the first boxes, of a detector.</summary>
    public uint BestBoxes { get; }

    /// <summary>Runs the model.</summary>
    public static CSelfTest Run(PackedModel model, CProgram program)
    {
        var graph = model.Graph;
        using var runner = new PackedRunner(model, new PackedRunnerOptions { Mode = NumericMode.Integer, KeepValues = true });
        var pixels = Image((int)graph.Input.Elements);
        runner.Run(pixels);
        var steps = new List<uint>();
        foreach (var value in program.Steps.Select(step => step.Output))
        {
            if (value.Name == ModelGraph.InputName)
            {
                steps.Add(Hash(NumbersOf(model.Info.Integers!.Image, pixels, graph.Input.Channels), CType.Int16));
                continue;
            }

            var shape = graph.ShapeOf(value.Name);
            steps.Add(Hash(Elements(runner, value.Name, shape, program.ExponentOf(value.Name)), value.Type));
        }

        long[] results = [.. program.Results.SelectMany(result => result.Value.Name == ModelGraph.InputName
            ? NumbersOf(model.Info.Integers!.Image, pixels, graph.Input.Channels)
            : Elements(runner, result.Value.Name, graph.ShapeOf(result.Value.Name), result.Exponent))];
        var boxes = program.Detector is null ? [] : runner.IntegerBoxes(0).Take(Boxes).SelectMany(box =>
            (long[])[box.Left, box.Top, box.Right, box.Bottom, box.Class, box.Score]);
        return new CSelfTest(steps, Hash(results, CType.Int16), Hash(boxes, CType.Int16));
    }

    /// <summary>The code of the test.</summary>
    public string Write(CProgram program)
    {
        var text = new StringBuilder();
        text.Append("/* Runs the network on a drawn image and compares every layer with what the generator computed. */\n#include \"nn.h\"\n\n");
        text.Append("static const char *const nn_steps[] = {\n");
        foreach (var step in program.Steps)
        {
            text.Append("    ").Append(CName.Literal(step.Title)).Append(",\n");
        }

        text.Append("};\n\n#if NN_LAYER_HOOK\nstatic const uint32_t nn_expected[] = {\n");
        foreach (var hash in Steps)
        {
            text.Append(CultureInfo.InvariantCulture, $"    0x{hash:x8}u,\n");
        }

        text.Append(CultureInfo.InvariantCulture, $$"""
            };

            static int nn_failed;
            #endif

            /* FNV-1a over numbers as bytes, the lowest first, whatever the order in memory. */
            static uint32_t nn_hash(const void *values, int32_t count, int size)
            {
                uint32_t hash = {{FirstHash}}u;
                int32_t i;
                int k;
                for (i = 0; i < count; i++) {
                    uint32_t value = size == 1 ? (uint32_t)(uint8_t)((const int8_t *)values)[i] : size == 2 ? (uint32_t)(uint16_t)((const int16_t *)values)[i] : ((const uint32_t *)values)[i];
                    for (k = 0; k < size; k++) {
                        hash = (hash ^ (value & 255u)) * {{HashFactor}}u;
                        value >>= 8;
                    }
                }

                return hash;
            }

            #if NN_LAYER_HOOK
            void nn_layer_hook(int layer, const void *values, int32_t count, int size)
            {
                if (nn_failed < 0 && nn_hash(values, count, size) != nn_expected[layer]) {
                    nn_failed = layer;
                }
            }
            #endif

            const char *nn_selftest(void *arena, uint8_t *pixels, int16_t *results)
            {
                uint32_t state = 0x{{Seed:x8}}u;
                int32_t i;
                for (i = 0; i < NN_PIXEL_BYTES; i++) {
                    state ^= state << 13;
                    state ^= state >> 17;
                    state ^= state << 5;
                    pixels[i] = (uint8_t)(state >> 24);
                }

            #if NN_LAYER_HOOK
                nn_failed = -1;
            #endif
                if (nn_run(pixels, results, arena) != 0) {
                    return "the arena";
                }

            #if NN_LAYER_HOOK
                if (nn_failed >= 0) {
                    return nn_steps[nn_failed];
                }
            #endif
                if (nn_hash(results, NN_RESULTS, 2) != 0x{{Results:x8}}u) {
                    return nn_steps[sizeof(nn_steps) / sizeof(nn_steps[0]) - 1];
                }


            """);
        text.Append(program.Detector is null ? "    return 0;\n}\n" : string.Create(CultureInfo.InvariantCulture, $$"""
                {
                    nn_box boxes[{{Boxes}}];
                    return nn_hash(boxes, 6 * nn_detect(results, boxes, {{Boxes}}, arena), 2) == 0x{{BestBoxes:x8}}u ? 0 : "the boxes";
                }
            }

            """));
        return text.ToString();
    }

    /// <summary>The drawn image, by the generator that the C code has too (xorshift32, Marsaglia).</summary>
    public static byte[] Image(int bytes)
    {
        var pixels = new byte[bytes];
        var state = Seed;
        for (var i = 0; i < bytes; i++)
        {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            pixels[i] = (byte)(state >> 24);
        }

        return pixels;
    }

    private static IEnumerable<long> NumbersOf(IntegerImage image, byte[] pixels, int channels) => pixels.Select((pixel, i) => (long)image.NumberOf(pixel, i % channels));

    /// <summary>The elements of a value as they lie in C: numbers, or words of 32 bits.</summary>
    private static IEnumerable<long> Elements(PackedRunner runner, string name, ValueShape shape, int exponent)
    {
        var values = new float[shape.Elements];
        runner.ReadValue(name, values);
        if (shape.Kind != ValueKind.Bits)
        {
            // Real values are q * 2^-exponent, of 16 bits: exact as float32.
            var scale = shape.Kind == ValueKind.Real ? Math.ScaleB(1, exponent) : 1;
            return values.Select(value => (long)Math.Round(value * scale));
        }

        var words = CValue.WordsOf(shape.Channels);
        var bits = new long[shape.Height * shape.Width * words];
        for (var i = 0; i < values.Length; i++)
        {
            var (pixel, channel) = (i / shape.Channels, i % shape.Channels);
            bits[(pixel * words) + (channel / 32)] |= values[i] < 0 ? 1L << (channel % 32) : 0;
        }

        return bits;
    }

    private static uint Hash(IEnumerable<long> values, CType type)
    {
        var hash = FirstHash;
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        foreach (var value in values)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
            foreach (var part in bytes[..CTable.SizeOf(type)])
            {
                hash = (hash ^ part) * HashFactor;
            }
        }

        return hash;
    }
}
