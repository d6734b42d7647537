using System.Globalization;
using DcpNas.Native;
using DcpNas.Stress;
using TorchSharp;

// DcpNas.Stress <scenario> <with|without> [seconds]: exit code 0 when every value was right; anything else, a signal included, when not.
if (args.Length < 2 || !Scenarios.All.TryGetValue(args[0], out var scenario) || args[1] is not ("with" or "without"))
{
    Console.Error.WriteLine($"Usage: DcpNas.Stress {string.Join('|', Scenarios.All.Keys)} with|without [seconds]");
    return 2;
}

var isCured = args[1] == "with";
LibTorch.Load(new LibTorchOptions { ParkFinalizer = isCured, KeepFromAmx = isCured });
torch.set_num_threads(1);
var seconds = args.Length > 2 ? double.Parse(args[2], CultureInfo.InvariantCulture) : 5;
return scenario(isCured, TimeSpan.FromSeconds(seconds)) ? 0 : 1;
