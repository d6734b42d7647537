using DcpNas.Runtime;
using DcpNas.Runtime.Benchmarks;
using DcpNas.Runtime.Kernels;

var ghz = Roofline.Gigahertz();
Console.WriteLine($"{ghz:0.00} GHz, avx512 {Roofline.Gigamacs(InstructionSet.Avx512) / ghz:0} avx2 {Roofline.Gigamacs(InstructionSet.Avx2) / ghz:0}");
(int I, int O, int S, int K, int D)[] dense = [(256,256,14,3,1),(256,256,14,3,2),(512,512,7,3,1),(512,512,14,3,1),(128,128,28,3,1),(64,64,56,3,1),(64,64,32,3,1),(64,64,8,3,1),(128,128,8,3,1),(64,64,7,3,1),(512,512,7,1,1),(256,256,14,1,1),(128,128,16,1,1),(64,64,56,1,1),(36,36,32,1,1),(72,72,16,1,1),(144,144,8,1,1),(48,48,32,1,1),(16,16,32,3,1),(36,36,32,3,1)];
var filter = args.Length > 0 ? args[0] : "";
foreach (var set in (InstructionSet[])[InstructionSet.Avx512, InstructionSet.Avx2])
{
    foreach (var depth in (bool[])[false, true])
    {
        foreach (var (i, o, s, k, d) in dense)
        {
            if (depth && (i != o || k == 1)) { continue; }
            foreach (var k2 in depth ? new[] { 3, 5 } : new[] { k })
            {
                var g = new ConvolutionGeometry { Input = new(s, s, i), OutChannels = o, Kernel = k2, Dilation = d, Padding = d * (k2 / 2), Depthwise = depth };
                var layer = new Layer(g, set);
                var (b, t) = (Time(layer.Bits), Time(layer.Sums));
                var macs = Layer.Macs(g);
                Console.WriteLine($"{set} {(depth ? "dw" : "")} {i}->{o} @{s} k{k2} d{d}: bits {b / 1000:0.00} us {macs / b / ghz:0} MAC/cycle; sums {t / 1000:0.00} us {macs / t / ghz:0} ({layer.Kernel})");
            }
        }
    }
}

static double Time(Action work)
{
    for (var i = 0; i < 60; i++) { work(); }
    Thread.Sleep(150);
    for (var i = 0; i < 60; i++) { work(); }
    var start = ThreadClock.Now();
    work();
    var n = (int)Math.Clamp(3e6 / (ThreadClock.Now() - start), 1, 100000);
    var best = double.MaxValue;
    for (var r = 0; r < 9; r++)
    {
        start = ThreadClock.Now();
        for (var i = 0; i < n; i++) { work(); }
        best = Math.Min(best, (ThreadClock.Now() - start) / (double)n);
    }

    return best;
}
