using System.Diagnostics;
using System.Globalization;

namespace DcpNas.Runtime.Tests.Model;

/// <summary>A reader that shares nothing with ours: Python's standard library and docs/model-format.md. Skipped where there is no python3.</summary>
public class IndependentReaderTests
{
    /// <summary>Opens a model, checks its hashes, and runs one 1-bit convolution on the bits that it is given: <c>path node height width ±...</c>.</summary>
    private const string Script = """
        import hashlib, json, struct, sys

        path, name, height, width, bits = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), sys.argv[5]
        with open(path, 'rb') as file:
            length = struct.unpack('<Q', file.read(8))[0]
            header = json.loads(file.read(length))
            data = file.read()
        metadata = header.pop('__metadata__')
        assert metadata['format'] == 'dcpnas-packed' and metadata['format_version'] == '1'
        assert metadata['model_sha256'] == hashlib.sha256(metadata['model'].encode()).hexdigest()
        assert metadata['tensors_sha256'] == hashlib.sha256(data).hexdigest()
        model = json.loads(metadata['model'])
        node = next(node for node in model['nodes'] if node['name'] == name)

        def tensor(slot):
            entry = header.get(name + '.' + slot)
            if entry is None:
                return None, None
            begin, end = entry['data_offsets']
            code = {'F32': 'f', 'I32': 'i', 'I64': 'Q', 'U8': 'B'}[entry['dtype']]
            return entry['shape'], struct.unpack('<%d%s' % ((end - begin) // struct.calcsize(code), code), data[begin:end])

        shape, words = tensor('weight')
        _, thresholds = tensor('threshold')
        _, rules = tensor('rule')
        kernel, stride, padding, dilation = (node[key] for key in ('kernel', 'stride', 'padding', 'dilation'))
        offset, inputs, depthwise = node.get('offset', 0), node['in_channels'], node['depthwise']
        outputs = inputs if depthwise else shape[0]
        blocks = (inputs + 63) // 64
        values = [-1 if bit == '-' else 1 for bit in bits]

        def weight(output, ky, kx, channel):
            tap = ky * kernel + kx
            row = tap if depthwise else output * kernel * kernel + tap
            return -1 if words[row * blocks + channel // 64] >> (channel % 64) & 1 else 1

        def size(pixels):
            return (pixels - offset + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1

        results = []
        for y in range(size(height)):
            for x in range(size(width)):
                for output in range(outputs):
                    total = 0
                    for ky in range(kernel):
                        for kx in range(kernel):
                            v = y * stride - padding + offset + ky * dilation
                            h = x * stride - padding + offset + kx * dilation
                            if 0 <= v < height and 0 <= h < width:
                                for channel in [output] if depthwise else range(inputs):
                                    total += values[(v * width + h) * inputs + channel] * weight(output, ky, kx, channel)
                    if thresholds is not None:
                        below = total < thresholds[output]
                        total = -1 if below == (rules[output] == 0) else 1
                    results.append(total)
        print(' '.join(map(str, results)))
        """;

    [Theory]
    [InlineData("block.depthwise")]
    [InlineData("block.pointwise")]
    [InlineData("reduce.odd")]
    public void Script_OnAFileOfOurs_GivesTheValuesOfTheRuntime(string node)
    {
        var model = SampleModels.EveryNode(seed: 21);
        using var runner = new PackedRunner(model, new PackedRunnerOptions { KeepValues = true });
        runner.Run(new Draw(22).Reals((int)model.Graph.Input.Elements));
        var input = model.Graph.Nodes.Single(candidate => candidate.Name == node).Inputs[0];
        var path = Path.GetTempFileName();
        try
        {
            model.Save(path);
            var shape = model.Graph.ShapeOf(input);
            var bits = string.Concat(Read(runner, input).Select(value => value < 0 ? '-' : '+'));

            var output = Run(path, node, $"{shape.Height}", $"{shape.Width}", bits);

            Assert.Equal(Read(runner, node), output.Split(' ').Select(text => float.Parse(text, CultureInfo.InvariantCulture)));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static float[] Read(PackedRunner runner, string value)
    {
        var numbers = new float[runner.Model.Graph.ShapeOf(value).Elements];
        runner.ReadValue(value, numbers);
        return numbers;
    }

    private static string Run(params string[] arguments)
    {
        var start = new ProcessStartInfo("python3", ["-c", Script, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("python3 is not installed; the independent reader was not run.");
            throw;
        }

        using (process)
        {
            var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.True(process.ExitCode == 0, errors.Result);
            return output;
        }
    }
}
