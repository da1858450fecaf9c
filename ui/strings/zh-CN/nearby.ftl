# 同一网络里某台电脑上的中心，以及给摄像头读的图

nearby = 局域网
nearby-help = 没有外网的无线网或网线：组长的电脑就是中心。
nearby-open = 让别人连到这台电脑
nearby-close = 停止
nearby-go = 连到旁边的电脑
nearby-show = 在别的电脑上：同步 › 局域网。输入地址和码，或用摄像头读右边的图。请当面告诉他们：别的电脑靠这个码认出这一台。
nearby-show-there = 地址和码在组长的屏幕上
nearby-address = 地址
nearby-address-hint = 照对方屏幕上的写，例如 192.168.1.20:8788
nearby-code = 码
nearby-code-hint = 16 个字母和数字。小写、不写横线都可以。
nearby-stays = 打开本页时，别人带来的会自动收下。换到别的页面也继续，直到您停止或关闭田野。如果别人连不上，请在防火墙里允许田野使用专用网络。
nearby-alone = 这台电脑没有连到任何网络：请先连上，再停止并重新开始。
nearby-qr = 给摄像头读的地址和码
nearby-scan = 用摄像头读
nearby-not-this = 摄像头读到的不是中心的图
invitation-show = 给摄像头看
invitation-scan = 用摄像头读邀请
invitation-qr = 给摄像头读的邀请
invitation-qr-help = 在新电脑上选“用摄像头读邀请”。只给受邀的人看：里面有秘密。
invitation-type = 输入地址和码
invitation-fetch = 取邀请
invitation-untyped = 没有可输入的码：做邀请时没有连到能留邀请的中心。请用文件，或给摄像头看。
error-hub-other-code = 在这个地址应答的，不是这个码的中心。什么也没有送出。请和组长的屏幕核对。
error-nearby-failed = 这台电脑现在不能当中心。是不是还开着另一个田野？
invitation-for = 给{ $name }的邀请
