using System.Text;
using Aigc2d.Gateway.Forwarding;
using Aigc2d.Gateway.Tests.Stands;
using Aigc2d.TestKit;

namespace Aigc2d.Gateway.Tests.Forwarding;

public sealed class HeartbeatTests
{
    private const string Streaming = """{"model":"gpt-4o-mini","messages":[{"role":"user","content":"Hello, world!"}],"stream":true}""";
    private const string Beat = ": keep-alive\n\n";

    [Theory]
    [InlineData("")]
    [InlineData("data: 1\n\n")]
    [InlineData("data: 1\r\n\r\n")]
    public async Task A_quiet_stream_is_kept_alive_between_its_frames(string before)
    {
        var clock = new TestClock();
        await using var edge = await Edge.StartAsync(clock);
        var goOn = new TaskCompletionSource();
        edge.Siblings.Adapters.Answer = AdaptersStandIn.Streaming([Encoding.UTF8.GetBytes(before), "data: [DONE]\n\n"u8.ToArray()], _ => goOn.Task);
        using var answer = await edge.ChatAsync(edge.Customer(), Streaming);
        var arrived = Follow(answer);
        await Eventually.True(() => arrived.ToString() == before);

        await Eventually.True(() =>
        {
            clock.Advance(CopyAnswer.QuietTime);
            return arrived.ToString().Contains(Beat + Beat, StringComparison.Ordinal);
        });
        goOn.SetResult();
        await Eventually.True(() => arrived.ToString().EndsWith("data: [DONE]\n\n", StringComparison.Ordinal));
        Assert.Equal(before + "data: [DONE]\n\n", arrived.ToString().Replace(Beat, "", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("data: {\"half\":", "1}\n\n")]
    [InlineData("data: 1\n", "\n")]
    [InlineData("data: 1\r\n\r", "\n")]
    public async Task Inside_a_frame_a_quiet_stream_stays_quiet(string half, string rest)
    {
        var clock = new TestClock();
        await using var edge = await Edge.StartAsync(clock);
        var goOn = new TaskCompletionSource();
        edge.Siblings.Adapters.Answer = AdaptersStandIn.Streaming([Encoding.UTF8.GetBytes(half), Encoding.UTF8.GetBytes(rest)], _ => goOn.Task);
        using var answer = await edge.ChatAsync(edge.Customer(), Streaming);
        var arrived = Follow(answer);
        await Eventually.True(() => arrived.ToString() == half);

        for (var i = 0; i < 20; i++)
        {
            clock.Advance(CopyAnswer.QuietTime);
            await Task.Yield();
        }

        goOn.SetResult();
        await Eventually.True(() => arrived.IsComplete);
        Assert.Equal(half + rest, arrived.ToString());
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("a", false)]
    [InlineData("\n", false)]
    [InlineData("a\n\n", true)]
    [InlineData("a\r\n\r\n", true)]
    [InlineData("a\r\r", true)]
    [InlineData("a\r\n", false)]
    [InlineData("a\r\n\r", false)]
    [InlineData("a\n\nb", false)]
    [InlineData("a\n\nb\n", false)]
    public void A_boundary_is_known_however_the_bytes_were_cut(string sent, bool isBetween)
    {
        var bytes = Encoding.UTF8.GetBytes(sent);
        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            var boundary = new SseBoundary();
            boundary.Advance(bytes.AsSpan(0, cut));
            boundary.Advance(bytes.AsSpan(cut));
            Assert.Equal(isBetween, boundary.IsBetweenFrames);
        }
    }

    private static Arrived Follow(HttpResponseMessage answer)
    {
        var arrived = new Arrived();
        _ = arrived.ReadAsync(answer);
        return arrived;
    }

    private sealed class Arrived
    {
        private readonly StringBuilder _text = new();
        private volatile bool _isComplete;

        public bool IsComplete => _isComplete;

        public async Task ReadAsync(HttpResponseMessage answer)
        {
            await using var stream = await answer.Content.ReadAsStreamAsync();
            var buffer = new byte[1024];
            while (await stream.ReadAsync(buffer) is var length and > 0)
            {
                lock (_text) _text.Append(Encoding.UTF8.GetString(buffer, 0, length));
            }

            _isComplete = true;
        }

        public override string ToString()
        {
            lock (_text) return _text.ToString();
        }
    }
}
