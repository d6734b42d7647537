using System.Runtime.ExceptionServices;
using static TorchSharp.torch;

namespace DcpNas.Native;

public static partial class Autograd
{
    private static ExceptionDispatchInfo? _homeless;

    [ThreadStatic]
    private static Pass? _current;

    /// <summary>Runs the body of a <c>Function.backward</c> so that an exception in it does not end the process.</summary>
    /// <remarks>
    /// C# exceptions cannot pass through libtorch. The guard keeps the first one, gives no gradients to libtorch, and <see cref="Grad"/> or
    /// <see cref="Backward"/> throws it again when libtorch has returned. What else that pass computes is worthless.
    /// </remarks>
    /// <param name="arguments">How many arguments the function has.</param>
    /// <param name="body">The gradient, one per argument.</param>
    public static List<Tensor> Guard(int arguments, Func<List<Tensor>> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        try
        {
            return body();
        }
        catch (Exception exception)
        {
            var info = ExceptionDispatchInfo.Capture(exception);
            if (_current is { } pass)
            {
                pass.Caught ??= info;
            }
            else
            {
                // A device thread of libtorch: it has no pass of its own.
                Interlocked.CompareExchange(ref _homeless, info, null);
            }

            return [.. new Tensor[arguments]];
        }
    }

    private sealed class Pass : IDisposable
    {
        private readonly Pass? _outer = _current;

        public Pass() => _current = this;

        public ExceptionDispatchInfo? Caught { get; set; }

        public void Rethrow() => (Caught ?? Interlocked.Exchange(ref _homeless, null))?.Throw();

        public void Dispose() => _current = _outer;
    }
}
