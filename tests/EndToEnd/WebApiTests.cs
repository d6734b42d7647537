using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DcpNas.Runtime;
using DcpNas.Runtime.Model;
using DcpNas.Tests.Data;
using SkiaSharp;

namespace EndToEnd;

/// <summary>The sample server, as its README says it is used.</summary>
public sealed partial class WebApiTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _client = new();
    private Process? _server;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var build = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)); // release_linux-x64
        var program = Path.Combine(StartScriptTests.RepositoryRoot(), "artifacts", "bin", "WebApi", build, "WebApi.dll");
        WriteModel(_folder["net.dcpnas"]);
        _server = Process.Start(new ProcessStartInfo("dotnet", ["exec", program, "--Model", "net.dcpnas", "--MaxPixels", "10000", "--urls", "http://127.0.0.1:0"])
        {
            WorkingDirectory = _folder.Path,
            RedirectStandardOutput = true,
        })!;
        var listening = new TaskCompletionSource<string>();
        _server.OutputDataReceived += (_, line) =>
        {
            if (Address().Match(line.Data ?? "") is { Success: true } match)
            {
                listening.TrySetResult(match.Groups[1].Value);
            }
        };
        _server.BeginOutputReadLine();
        _client.BaseAddress = new Uri(await listening.Task.WaitAsync(TimeSpan.FromMinutes(2), Cancel));
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        _server?.Kill();
        _server?.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Server_OfTheSample_AnswersAsItsReadmeSays()
    {
        Assert.Equal("ok", (await Json(await _client.GetAsync("/health", Cancel), HttpStatusCode.OK))["status"]!.ToString());

        var image = await File.ReadAllBytesAsync(ColourModel.Paint(_folder["images/green.png"], 40, 30, SKColors.Lime), Cancel);
        var raw = new ByteArrayContent(image);
        raw.Headers.ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded"); // what curl --data-binary says
        var best = await Json(await _client.PostAsync("/classify?top=2", raw, Cancel), HttpStatusCode.OK);
        Assert.Equal((2, "green"), (best.AsArray().Count, best[0]!["label"]!.ToString()));

        var form = new MultipartFormDataContent { { new ByteArrayContent(image), "image", "photo.png" } };
        Assert.Equal(best.ToJsonString(), (await Json(await _client.PostAsync("/classify?top=2", form, Cancel), HttpStatusCode.OK)).ToJsonString());

        var two = new MultipartFormDataContent { { new ByteArrayContent(image), "a", "a.png" }, { new ByteArrayContent(image), "b", "b.png" } };
        Assert.Equal("A form must hold one file, got 2.", await Error(two, HttpStatusCode.BadRequest));
        byte[] gif = [.. "GIF89a"u8, 1, 0, 1, 0, 0x80, 0, 0, 255, 0, 0, 0, 0, 0, 0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0, 0x3B];
        foreach (var bytes in (byte[][])[[], [1, 2, 3], image[..(image.Length / 2)], gif])
        {
            Assert.Equal("The request must hold a JPEG, PNG, WebP or BMP image of at most 10000 pixels.", await Error(new ByteArrayContent(bytes), HttpStatusCode.BadRequest));
        }

        Assert.Equal(HttpStatusCode.BadRequest, (await _client.PostAsync("/classify?top=many", new ByteArrayContent(image), Cancel)).StatusCode);

        var large = await File.ReadAllBytesAsync(ColourModel.Paint(_folder["images/large.png"], 101, 100, SKColors.Red), Cancel);
        Assert.Equal("The request must hold a JPEG, PNG, WebP or BMP image of at most 10000 pixels.", await Error(new ByteArrayContent(large), HttpStatusCode.BadRequest));

        // Like curl, this client asks before it sends so much.
        using var request = new HttpRequestMessage(HttpMethod.Post, "/classify") { Content = new ByteArrayContent(new byte[20_000_001]), Headers = { ExpectContinue = true } };
        Assert.Equal("The request must have at most 20000000 bytes.", (await Json(await _client.SendAsync(request, Cancel), HttpStatusCode.RequestEntityTooLarge))["error"]!.ToString());
    }

    [Theory]
    [InlineData(1, "left")]
    [InlineData(2, "right")]
    [InlineData(3, "right")]
    [InlineData(4, "left")]
    [InlineData(5, "top")]
    [InlineData(6, "top")]
    [InlineData(7, "bottom")]
    [InlineData(8, "bottom")]
    public async Task Classify_PhotosWithAnOrientation_SeesThemUpright(int orientation, string expected)
    {
        using var stored = ColourModel.Paint(40, 40, SKColors.Red, SKColors.Black); // red at the left
        foreach (var format in (SKEncodedImageFormat[])[SKEncodedImageFormat.Jpeg, SKEncodedImageFormat.Png, SKEncodedImageFormat.Webp])
        {
            var tagged = new ByteArrayContent(OrientedImages.Encode(stored, orientation, format));
            var best = await Json(await _client.PostAsync("/classify?top=1", tagged, Cancel), HttpStatusCode.OK);
            Assert.Equal((format, expected), (format, best[0]!["label"]!.ToString()));
        }
    }

    /// <summary>A classifier of colours, and of the side that red is on: for these each filter is the difference of two neighbours, whose sum is that of the first and the last line.</summary>
    private static void WriteModel(string path)
    {
        const int Taps = 9, Centre = 4, Above = 1, Left = 3, Right = 5, Below = 7;
        string[] classes = ["red", "green", "blue", "left", "right", "top", "bottom"];
        var weight = new float[classes.Length * 3 * Taps];
        for (var colour = 0; colour < 3; colour++)
        {
            weight[(((3 * colour) + colour) * Taps) + Centre] = 1;
        }

        foreach (var (name, plus, minus) in ((string, int, int)[])[("left", Left, Right), ("right", Right, Left), ("top", Above, Below), ("bottom", Below, Above)])
        {
            var filter = 3 * Array.IndexOf(classes, name) * Taps; // red is the first of its channels
            (weight[filter + plus], weight[filter + minus]) = (10, -10);
        }

        var graph = new GraphBuilder(ColourModel.Side, ColourModel.Side, 3);
        var mean = graph.GlobalAverage("mean", graph.Convolution("filters", graph.Image, weight, [], ConvolutionGeometry.Same(3)));
        graph.Output(GraphOutput.Logits, graph.Linear("head", mean, [.. Enumerable.Range(0, classes.Length * classes.Length).Select(i => i % (classes.Length + 1) == 0 ? 1f : 0f)], []));
        graph.Build(new ModelInfo { Producer = "tests", Classes = classes, Preprocessing = new Preprocessing([0.5, 0.5, 0.5], [0.25, 0.25, 0.25]) }).Save(path);
    }

    private async Task<string> Error(HttpContent content, HttpStatusCode code) => (await Json(await _client.PostAsync("/classify", content, Cancel), code))["error"]!.ToString();

    private static async Task<JsonNode> Json(HttpResponseMessage response, HttpStatusCode code)
    {
        var text = await response.Content.ReadAsStringAsync(Cancel);
        Assert.True(code == response.StatusCode, $"{response.StatusCode} instead of {code}: {text}");
        return JsonNode.Parse(text)!;
    }

    [GeneratedRegex(@"Now listening on: (http://\S+)")]
    private static partial Regex Address();
}
