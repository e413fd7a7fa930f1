namespace Aigc2d.Gateway.Bodies;

/// <summary>How many bytes of request bodies the process holds at once. Beyond it bodies are refused, so that no customer can fill the memory.</summary>
internal sealed class BodyBudget(long mostBytes)
{
    private readonly long _mostBytes = mostBytes;
    private long _taken;

    /// <summary>An eighth of the memory that the process may use: a body is held as bytes, as texts, and once more on its way to Moderation.</summary>
    public static BodyBudget OfThisProcess() => new(Math.Max(ReadBody.MostBytes, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 8));

    /// <summary>What all requests hold at the moment.</summary>
    public long TakenBytes => Interlocked.Read(ref _taken);

    public Share Begin() => new(this);

    /// <summary>What one request holds; given back when it ends.</summary>
    internal sealed class Share(BodyBudget budget) : IDisposable
    {
        private long _bytes;

        /// <summary>Takes more, unless that is too much for all requests together.</summary>
        public bool TryTake(long bytes)
        {
            if (Interlocked.Add(ref budget._taken, bytes) > budget._mostBytes)
            {
                Interlocked.Add(ref budget._taken, -bytes);
                return false;
            }

            _bytes += bytes;
            return true;
        }

        public void Dispose()
        {
            Interlocked.Add(ref budget._taken, -_bytes);
            _bytes = 0;
        }
    }
}
