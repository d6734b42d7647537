using System.Buffers.Binary;
using DcpNas.Embedded;

namespace DcpNas.Runtime.Tests.Embedded;

/// <summary>Generated C as a program of this machine: images on its input, the numbers of all results on its output, and of a detector how many boxes there are and their numbers.</summary>
internal static class HostProgram
{
    private const string Main = """
        #include <stdio.h>
        #include "net.h"

        static uint32_t arena[NET_ARENA_BYTES / 4 + 1];
        static uint8_t pixels[NET_PIXEL_BYTES];
        static int16_t results[NET_RESULTS];

        int main(void)
        {
            const char *failed = net_selftest(arena, pixels, results);
            if (failed != 0) {
                fprintf(stderr, "layer %s differs\n", failed);
                return 1;
            }

            while (fread(pixels, 1, sizeof pixels, stdin) == sizeof pixels) {
                if (net_run(pixels, results, arena) != NET_OK) {
                    return 2;
                }

                fwrite(results, sizeof results[0], NET_RESULTS, stdout);
        #ifdef NET_MOST_BOXES
                {
                    static net_box boxes[NET_MOST_BOXES];
                    int16_t count = (int16_t)net_detect(results, boxes, NET_MOST_BOXES + 1, arena);
                    if (count < 0) {
                        return 4;
                    }

                    fwrite(&count, sizeof count, 1, stdout);
                    fwrite(boxes, sizeof boxes[0], (size_t)count, stdout);
                }
        #endif
            }

            return net_run(0, results, arena) == NET_ERROR_NULL && net_run(pixels, results, (uint8_t *)arena + 1) == NET_ERROR_ALIGN ? 0 : 3;
        }
        """;

    /// <summary>Generates the code of a model into a folder.</summary>
    public static CSources Write(PackedModel model, string folder)
    {
        var sources = CSourceGenerator.Generate(model, "net");
        foreach (var (path, text) in sources.Files)
        {
            var file = Path.Combine(folder, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, text);
        }

        return sources;
    }

    /// <summary>Generates the code into an empty folder and compiles it, with what reads and writes.</summary>
    /// <returns>The program.</returns>
    public static string Build(PackedModel model, string folder, Action<string, string> compile)
    {
        Write(model, folder);
        File.WriteAllText(Path.Combine(folder, "main.c"), Main);
        var program = Path.Combine(folder, "program");
        compile(program, folder);
        return program;
    }

    /// <summary>The numbers that the program gives of images, <c>[image][result]</c>.</summary>
    public static short[] Run(string program, byte[] pixels)
    {
        var output = CCompiler.Run(program, [], pixels);
        var numbers = new short[output.Length / sizeof(short)];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = BinaryPrimitives.ReadInt16LittleEndian(output.AsSpan(sizeof(short) * i));
        }

        return numbers;
    }

    /// <summary>The same numbers of the runtime's integer mode.</summary>
    public static short[] RunRuntime(PackedModel model, byte[] pixels)
    {
        const int Batch = 50;
        using var runner = new PackedRunner(model, new PackedRunnerOptions { Mode = NumericMode.Integer });
        var exponents = model.Info.Integers!.Exponents(model.Graph);
        var numbers = new List<short>();
        foreach (var batch in pixels.Chunk(Batch * (int)model.Graph.Input.Elements))
        {
            runner.Run(batch);
            for (var image = 0; image < runner.ImageCount; image++)
            {
                foreach (var result in model.Graph.Outputs)
                {
                    var count = (int)model.Graph.ShapeOf(result.Value).Elements;
                    foreach (var value in runner.Output(result.Name).Slice(image * count, count))
                    {
                        numbers.Add((short)Math.ScaleB(value, exponents[result.Value]));
                    }
                }

                if (model.Info.Detector is not null)
                {
                    var boxes = runner.IntegerBoxes(image);
                    numbers.Add((short)boxes.Count);
                    numbers.AddRange(boxes.SelectMany(box => (int[])[box.Left, box.Top, box.Right, box.Bottom, box.Class, box.Score]).Select(number => (short)(ushort)number));
                }
            }
        }

        return [.. numbers];
    }
}
