using System.Runtime.ExceptionServices;

namespace DcpNas.Native;

/// <summary>A thread for native code that may use AMX tiles, such as a session of ONNX Runtime, and for nothing else.</summary>
/// <remarks>
/// <para>A thread that has used tiles does not survive a null reference: what would be a <see cref="NullReferenceException"/> ends the process (docs/adr/0008). A library that computes on the thread
/// that calls it therefore gets one that runs nothing else: its creation, its calls and its end. Work handed to it does no more than call the library and copy what it gives.</para>
/// <para>Callers wait for their work. A thread in the background: it does not keep the process alive.</para>
/// </remarks>
public sealed class ForeignThread : IDisposable
{
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _start = new(0);
    private readonly SemaphoreSlim _done = new(0);
    private readonly Thread _thread;
    private Action? _work;
    private ExceptionDispatchInfo? _failure;
    private bool _isOver;

    /// <summary>Starts the thread.</summary>
    /// <param name="name">What debuggers call it.</param>
    public ForeignThread(string name)
    {
        _thread = new Thread(Work) { IsBackground = true, Name = name };
        _thread.Start();
    }

    /// <summary>Does work on a thread of its own, which then ends.</summary>
    /// <exception cref="Exception">What the work throws.</exception>
    public static T RunOnce<T>(Func<T> work)
    {
        using var thread = new ForeignThread(nameof(RunOnce));
        return thread.Run(work);
    }

    /// <summary>Does work on the thread and waits for it.</summary>
    /// <exception cref="Exception">What the work throws.</exception>
    /// <exception cref="ObjectDisposedException">The thread has ended.</exception>
    public T Run<T>(Func<T> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        T result = default!;
        Run(() => { result = work(); });
        return result;
    }

    /// <inheritdoc cref="Run{T}(Func{T})"/>
    public void Run(Action work)
    {
        ArgumentNullException.ThrowIfNull(work);
        if (Thread.CurrentThread == _thread)
        {
            work();
            return;
        }

        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isOver, this);
            (_work, _failure) = (work, null);
            _start.Release();
            _done.Wait();
            _work = null;
            _failure?.Throw();
        }
    }

    /// <summary>Ends the thread.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_isOver)
            {
                return;
            }

            _isOver = true;
            _start.Release();
        }

        _thread.Join();
        _start.Dispose();
        _done.Dispose();
    }

    private void Work()
    {
        while (true)
        {
            _start.Wait();
            if (_work is not { } work)
            {
                return;
            }

            try
            {
                work();
            }
            catch (Exception error)
            {
                _failure = ExceptionDispatchInfo.Capture(error); // the caller's: an exception that leaves a thread ends the process
            }

            _done.Release();
        }
    }
}
