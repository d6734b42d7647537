namespace DcpNas.Runtime.Benchmarks;

/// <summary>The fast mode: each layer by every set and by ONNX Runtime, in turns within one process, by CPU time of one thread, as a table in Markdown.</summary>
internal static class QuickRun
{
    public static int Run(string filter, int rounds)
    {
        var gigahertz = Roofline.Gigahertz();
        Console.WriteLine($"Clock {gigahertz:0.00} GHz. Products a cycle at best: {string.Join(", ", VectorSets().Select(set => $"{set} {Roofline.Gigamacs(set) / gigahertz:0}"))}. Best of {rounds} rounds, one thread, CPU time.");
        Layers("Dense", LayerCase.Dense, filter, rounds);
        Layers("Dilated", LayerCase.Dilated, filter, rounds);
        Layers("Pointwise", LayerCase.Pointwise, filter, rounds);
        Layers("Depthwise", LayerCase.DepthwiseOnes, filter, rounds);
        FloatJobs.Run(filter, rounds);
        return 0;
    }

    private static IEnumerable<InstructionSet> VectorSets() => InstructionSets.Supported.Where(set => set is InstructionSet.Avx2 or InstructionSet.Avx512);

    private static void Layers(string title, IEnumerable<LayerCase> cases, string filter, int rounds)
    {
        var chosen = cases.Where(c => $"{title} {c}".Contains(filter, StringComparison.OrdinalIgnoreCase)).ToList();
        if (chosen.Count == 0)
        {
            return;
        }

        var best = InstructionSets.Best;
        Console.WriteLine($"\n## {title}\n");
        Console.WriteLine("| layer | bits us | MAC/cycle | GMAC/s | of peak | sums us | AVX2 bits us | MAC/cycle | scalar us | ORT float32 us | ratio | ORT int8 us | ratio | kernel |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|---|---|---|---|");
        foreach (var layerCase in chosen)
        {
            var geometry = layerCase.Geometry;
            var ours = new Layer(geometry, best);
            var narrow = new Layer(geometry, InstructionSets.IsSupported(InstructionSet.Avx2) ? InstructionSet.Avx2 : InstructionSet.Scalar);
            var scalar = new Layer(geometry, InstructionSet.Scalar);
            using var float32 = OnnxChain.Float32(geometry);
            using var int8 = OnnxChain.Int8(geometry);
            var (times, gigahertz) = Alternation.Run(
                [
                    new("bits", ours.Bits), new("sums", ours.Sums), new("avx2", narrow.Bits), new("scalar", scalar.Bits),
                    new("float32", float32.Run, OnnxChain.Layers, float32.Thread), new("int8", int8.Run, OnnxChain.Layers, int8.Thread),
                ],
                rounds);
            var macs = Layer.Macs(geometry);
            var peak = layerCase.Depthwise ? "" : $"{macs / times[0] / Roofline.Gigamacs(best):P0}"; // depthwise layers count otherwise
            Console.WriteLine(
                $"| {layerCase} | {times[0] / 1000:0.00} | {macs / times[0] / gigahertz:0} | {macs / times[0]:0} | {peak} | {times[1] / 1000:0.00} | {times[2] / 1000:0.00} | {macs / times[2] / gigahertz:0} "
                + $"| {times[3] / 1000:0.0} | {times[4] / 1000:0.0} | {times[4] / times[0]:0.0}x | {times[5] / 1000:0.0} | {times[5] / times[0]:0.0}x | {ours.Kernel} |");
        }
    }
}
