using DcpNas.Runtime.Kernels;

namespace DcpNas.Runtime.Benchmarks;

/// <summary>Jobs on floats and transposes, by the best set, without vectors, and by ONNX Runtime where it has the job.</summary>
internal static class FloatJobs
{
    public static void Run(string filter, int rounds)
    {
        Console.WriteLine("\n## Jobs on floats\n\n| job | best set us | ns per value | scalar us | ratio | ORT float32 us | ratio |\n|---|---|---|---|---|---|---|");
        foreach (var (channels, side) in ((int, int)[])[(64, 56), (256, 14), (36, 32), (48, 32), (72, 16), (144, 8)])
        {
            foreach (var (name, create) in Jobs(channels, side))
            {
                var title = $"{name} {channels}@{side}";
                if (!title.Contains(filter, StringComparison.OrdinalIgnoreCase))
                {
                    continue;
                }

                var isPool = name.EndsWith("pool", StringComparison.Ordinal);
                var geometry = new LayerCase(channels, side, 3).Geometry;
                using var peer = isPool ? OnnxChain.Pool(geometry, name.StartsWith("avg", StringComparison.Ordinal)) : null;
                List<Candidate> candidates = [new("best", create(InstructionSets.Best)), new("scalar", create(InstructionSet.Scalar))];
                if (peer is not null)
                {
                    candidates.Add(new("float32", peer.Run, OnnxChain.Layers, peer.Thread));
                }

                var (times, _) = Alternation.Run(candidates, rounds);
                var other = peer is null ? " | " : $"{times[2] / 1000:0.0} | {times[2] / times[0]:0.0}x";
                Console.WriteLine($"| {title} | {times[0] / 1000:0.00} | {times[0] / (channels * side * side):0.000} | {times[1] / 1000:0.0} | {times[1] / times[0]:0.0}x | {other} |");
            }
        }
    }

    /// <summary>The jobs on a map, each as a factory of its work.</summary>
    public static IEnumerable<(string Name, Func<InstructionSet, Action> Create)> Jobs(int channels, int side)
    {
        var count = channels * side * side;
        var random = new Random(4);
        var values = Enumerable.Range(0, count).Select(_ => (float)(random.NextDouble() - 0.5)).ToArray();
        var sums = Enumerable.Range(0, count).Select(_ => (short)random.Next(-500, 500)).ToArray();
        var ones = Enumerable.Repeat(0.01f, channels).ToArray();
        var rules = Enumerable.Repeat(FloatRule.Sign, channels).ToArray();
        var (output, bits) = (new float[count], new ulong[new BitShape(side, side, channels).WordCount]);
        yield return ("sign", set => new FloatSigns(rules, set) is var job ? () => job.Run(values, bits, side, side) : throw new InvalidOperationException());
        yield return ("epilogue with shortcut and sign", set =>
        {
            var job = new Epilogue(ones, ones, ones, [], rules, set);
            return () => job.Run(sums, values, output, bits, side, side);
        }
        );
        yield return ("max pool", set => Pool(false, set));
        yield return ("avg pool", set => Pool(true, set));
        yield return ("global average", set => () => GlobalAverage.Run(values, output, side * side, channels, set));
        yield return ("stem 3x3", set =>
        {
            var geometry = new ConvolutionGeometry { Input = new(side, side, 3), OutChannels = channels, Kernel = 3, Padding = 1 };
            var job = new FloatConvolution(geometry, new float[geometry.Terms * channels], [], set);
            var image = new float[side * side * 3];
            return () => job.Run(image, output, 0, side);
        }
        );
        yield return ("transpose of bits", set => () =>
        {
            for (var word = 0; word + BitTranspose.Side <= bits.Length; word += BitTranspose.Side)
            {
                BitTranspose.Run(bits.AsSpan(word), 1, bits.AsSpan(word), set);
            }
        }
        );

        Action Pool(bool average, InstructionSet set)
        {
            var job = new Pooling(average, side, side, channels, set: set);
            return () => job.Run(values, output, 0, side);
        }
    }
}
